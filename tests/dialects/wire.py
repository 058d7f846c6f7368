"""What the clients' tests send, how it has to arrive upstream, and that nothing else arrived."""

from tests.gateway.conftest import Deckname

MAIL, PHONE = "erika.musterfrau@beispiel.example", "+49 30 901820"
PROMPT = f"Bitte an {MAIL} schreiben, Telefon {PHONE}."
HIDDEN = "Bitte an [EMAIL_1] schreiben, Telefon [PHONE_1]."


def clean(deckname: Deckname) -> None:
    for seen in deckname.upstream.seen:
        assert MAIL not in seen.wire
        assert PHONE not in seen.wire
