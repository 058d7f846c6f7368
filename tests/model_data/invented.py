"""A detector for tests that knows a few people, and a reply of which some are invented."""

import re
from collections.abc import Sequence

from keys.secret import Secret
from proxy.audit import AuditEvent
from proxy.caller import Tenant
from proxy.findings_cache import FindingsCache
from proxy.metrics import Metrics
from proxy.model_data.replies import Handling, Handlings, ModelData, Reply
from proxy.policy import Policy
from proxy.readback import Readback
from proxy.restore import Issued, Lexicon
from proxy.scope import Scope
from proxy.workers import DetectionFailed
from recognizers.finding import EMAIL, LITERAL, PERSON, PHONE, Finding

PEOPLE = {
    r"Erika Sommerfeld|Moritz Fuchs|Anna(?:\s|\\n)Vogel": PERSON,
    r"[\w.]+(?:@|%40|\\u0040)[\w.]+\.example": EMAIL,
    r"030[ /]?5550\d{3}": PHONE,
    r"\[[A-Z]+_[0-9]+\]": LITERAL,
}
ASKED = "Schreibe an Moritz Fuchs, moritz.fuchs@firma.example. Die Zentrale hat 030 5550111."
LEXICON = Lexicon([Issued("[PERSON_1]", "Moritz Fuchs"), Issued("[EMAIL_1]", "moritz.fuchs@firma.example")])
TENANT = Tenant.of(Secret(b"k" * 32), "web")
SCOPE = Scope("t", conversation="c")

PADDING = "Wir haben die Unterlagen geprüft und melden uns, sobald alles beisammen ist, spätestens am Montag. "
# What the provider says, and what the client gets to see: values put back, and marks for what the model made up.
SAID = (
    f"Guten Tag [PERSON_1]! {PADDING}Erika Sommerfeld hilft weiter (erika.s@neu.example), oder die Zentrale unter 030 "
    f"5550111.\n\n{PADDING * 3}Ihre Adresse [EMAIL_1] ist vermerkt; Anna\nVogel hat 030/5550999.\n"
    f"- erika%40neu.example\n- [PERSON_9]\n{PADDING}Mit Gruß, Erika Sommerfeld"
)
SHOWN = (
    f"Guten Tag Moritz Fuchs! {PADDING}[PERSON] hilft weiter ([EMAIL]), oder die Zentrale unter 030 "
    f"5550111.\n\n{PADDING * 3}Ihre Adresse moritz.fuchs@firma.example ist vermerkt; [PERSON] hat [PHONE].\n"
    f"- [EMAIL]\n- [PERSON_9]\n{PADDING}Mit Gruß, [PERSON]"
)


class People:
    """Finds people by a list. After ``patience`` texts it fails."""

    version = "people"

    def __init__(self, patience: int = 10**9) -> None:
        self.patience = patience

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> list[list[Finding]]:
        self.patience -= len(texts)
        if self.patience < 0:
            raise DetectionFailed("The detector took longer than its deadline.")
        return [people(text) for text in texts]


def people(text: str) -> list[Finding]:
    """Return whom the list knows in a text."""
    found = [Finding(*m.span(), kind, 1.0, "people") for form, kind in PEOPLE.items() for m in re.finditer(form, text)]
    return sorted(found)


class Trail:
    """An audit trail that can be looked at."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    async def record(self, event: AuditEvent) -> None:
        self.events.append(event)


def service(
    handling: Handling = Handling.MASK, detector: People | None = None, trail: Trail | None = None
) -> ModelData:
    findings = FindingsCache(detector or People(), 1 << 20)
    return ModelData(findings, Policy(), Metrics(), trail or Trail(), Handlings(handling))


def reply(masking: ModelData | None = None, readback: Readback | None = None) -> Reply:
    return Reply(masking or service(), TENANT, SCOPE, [ASKED], readback or Readback(LEXICON))


