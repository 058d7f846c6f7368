"""Names in the places where people name each other: salutations, sign-offs, titles, a speaker's label, a mail header.

The place alone makes the name, so lower case counts too; what may stand there without naming anybody (team, Damen und
Herren, all) does not. Seven languages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from recognizers.base import CONTEXT_SCORE, MODEL_SCORE, PATTERN_SCORE, TextRecognizer
from recognizers.finding import PERSON, Finding
from recognizers.person import NO_NAMES, PARTICLES, WORDS, holds_given_name, key, words

_LETTER: Final = r"[^\W\d_]"
_WORD: Final = rf"(?:{_LETTER}['’])?{_LETTER}{{1,30}}(?:[-'’]{_LETTER}{{1,30}}){{0,3}}(?!{_LETTER})"
_CAPITAL: Final = rf"(?!(?-i:[a-zäöüßà-öø-ÿ])){_WORD}"
_PARTICLE: Final = (
    r"(?:von(?: und zu| de[rnm])?|van(?: de[rn]?| 't)?|de(?: la| las| los)?|zu[mr]?|vom|d[aio]|do[si]?|del(?:la)?|du|l[ao]|le|el|al|"
    r"b[ei]n|ibn|te[rn]|(?:freiherr|graf|gräfin|baron)(?: von)?)"
)
_INITIAL: Final = rf"{_LETTER}\.(?:[ -]?{_LETTER}\.){{0,2}}"
# A name as written: initials, particles and up to four capitalised words.
_NAME: Final = rf"(?:{_INITIAL}[ ]?)?(?:{_PARTICLE}[ ]){{0,3}}{_CAPITAL}(?:[ ](?:(?:{_PARTICLE}[ ]){{1,3}}{_CAPITAL}|{_INITIAL}|{_CAPITAL})){{0,3}}"

_TITLED: Final = re.compile(
    r"(?<![\w-])(?:(?:[Hh]errn?|[Ff]rau|HERRN?|FRAU|[Ff]räulein|Hr\.|Hrn\.|Fr\.|[Ff]amilie|Fam\.|[Ee]heleuten?|Mr\.?|Mrs\.?|Ms\.?|MR\.?|MRS\.?|MS\.?|"
    r"Mister|Miss|Mx\.?|Monsieur|Madame|Mademoiselle|Mme\.?|Mlle\.?|M\.(?=[ ][A-ZÀ-Ý][a-zà-ÿ])|[Ss]eñor(?:a|ita)?|Sra?\.|Srta\.|Doña|Don|"
    r"[Ss]ignor(?:a|e|ina)?|Sig\.(?:ra|na)?|Dott\.(?:ssa)?|Avv\.|[Mm]evrouw|[Mm]eneer|[Mm]evr\.|[Dd]hr\.|[Dd]e heer|"
    r"Pan(?:i|a|ią|em|u|ie)?|Państwo|Dr\.|Prof\.|Docteur|Maître|Professor(?:in)?|Doctor)[ \u00a0]+"
    r"(?:(?:Dr|Prof|Dipl\.-Ing|med|jur|rer|nat|Ing|Mag|h\.c|ir|drs|mgr|Dott|Avv)\.?[ ]+){0,4})"
    rf"(?P<name>{_NAME})"
)
_GREETING: Final = (
    r"hallo|hallöchen|hi|hey|hello|huhu|moin(?: moin)?|servus|grüezi|grüß (?:dich|gott)|guten (?:tag|morgen|abend)|"
    r"lieber?|liebste[rs]?|(?:sehr )?geehrter?|werter?|dear|good (?:morning|afternoon|evening)|morning|"
    r"bonjour|bonsoir|salut|coucou|cher|chère|hola|buenos días|buenas tardes|buenas|estimad[oa]|querid[oa]|apreciad[oa]|"
    r"ciao|buongiorno|buonasera|salve|gentile|gentilissim[oa]|egregi[oa]|car[oa]|"
    r"hoi|beste|geachte|dag|goedemorgen|goedemiddag|goedendag|lieve|"
    r"dzień dobry|cześć|hej|siema|witaj|drog[iai]|szanown[yai]|"
    r"danke|vielen dank|dankeschön|thanks|thank you|thx|cheers|merci|gracias|grazie|dank je|dank u|dziękuję|dzięki|sorry"
)
_SALUTATION: Final = re.compile(
    rf"(?im)^[> \t*\"'„“]{{0,12}}(?:(?:{_GREETING})[ ,]{{1,2}}){{1,2}}(?:(?:ihr|ihnen|und|and)[ ])?(?P<name>(?:{_WORD})(?:[ ](?:{_INITIAL}|{_WORD})){{0,3}})"
    r"(?P<more>(?:[ ]?(?:,|&|/|und|and|et|y|e|en|i)[ ]?(?!ich|wir|vielen|danke|i[ ]|ik|ich)(?:[^\W\d_]+)){0,3})[ ]?(?=[,!.:;–\n-]|\Z)"
)
_SIGN_OFF: Final = (
    r"(?:mit )?(?:viele|vielen|liebe|lieben|beste|besten|freundliche|freundlichen|herzliche|herzlichen|schöne|schönen|sonnige|kollegiale)"
    r"[rn]? gr(?:ü|ue)(?:ß|ss)(?:e|en|chen)?(?: (?:aus|von|nach) [^\W\d_]+)?|gr(?:u|ü|ue)(?:ß|ss)e?|lg|vg|mfg|bg|hg|glg|"
    r"hochachtungsvoll|ihre?|euer|eure|dein|deine|bis (?:dann|bald|morgen|später)|schönen tag noch|danke(?: und (?:gruß|grüße))?|"
    r"(?:with )?(?:best|kind|warm|many|kindest|warmest)(?: (?:regards|wishes|thanks))?|regards|rgds|br|cheers|thanks(?: again| so much)?|"
    r"thank you|many thanks|sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?|best|xo+|love|take care|talk soon|"
    r"cordialement|bien (?:cordialement|à vous|à toi)|cdlt|salutations(?: distinguées)?|bises|amicalement|merci(?: d'avance)?|"
    r"saludos(?: cordiales)?|un (?:cordial )?saludo|un abrazo|atentamente|atte\.?|gracias|"
    r"(?:cordiali |distinti )?saluti|cordialmente|grazie(?: mille)?|un saluto|a presto|"
    r"(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|mvg|groet(?:en|jes)?|gr\.?|alvast bedankt|"
    r"pozdrawiam(?: serdecznie)?|z (?:poważaniem|wyrazami szacunku)|pozdrowienia|pozdr\.?"
)
_SIGNED: Final = re.compile(
    rf"(?im)(?:^|(?<=[.!?][ ]))[> \t*_-]{{0,12}}(?:{_SIGN_OFF})(?P<gap>[ ]?[,.!;–-]{{0,2}}(?:[ ]+|[ \t]{{0,20}}\r?\n(?:[> \t]{{0,20}}\r?\n){{0,2}}[> \t]{{0,20}}))"
    rf"(?:(?:ihre?|your|i\.[ ]?a\.|i\.[ ]?v\.|ppa\.|gez\.|from|von|dein|deine|euer)[ ])?(?P<name>(?:{_INITIAL}|{_WORD})(?:[ ](?:{_INITIAL}|{_WORD})){{0,4}})"
    r"(?=[ \t]*(?:$|[,(|/;]|\.(?:\s|$)|[ ][-–—][ ]))"
)
# [10:32] Nadia: …, 12.03.24, 10:32 - Nadia K.: …, <nadia> …, Nadia (10:32): …, **Nadia:** …
_SPEAKER: Final = re.compile(
    rf"(?m)^[ \t>*_-]{{0,12}}(?P<stamp>(?:\[[^\]\n]{{3,30}}\]|\(?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?\)?(?:[ ]?[AaPp][Mm])?|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}})?)"
    rf"[ \t]*[-–|]?[ \t]*)?[<@*_]{{0,2}}(?P<name>{_WORD}(?:[ ](?:{_INITIAL}|{_WORD})){{0,3}})(?P<time>[ ]\(?\[?\d{{1,2}}:\d{{2}}\)?\]?)?[*_]{{0,2}}[:>][*_]{{0,2}}(?=[ \t])"
)
# "Max Müller" <max@…>, Koch, Anna [mailto:…]: looked for backwards from the address.
_MAILBOX: Final = re.compile(r"[<\[(](?:mailto:)?[^\s<>@]{1,64}@")
_OWNER: Final = re.compile(
    rf"(?<![\w.-])(?P<name>(?:{_INITIAL}|{_WORD})(?:,?[ ](?:{_INITIAL}|{_WORD})){{0,4}})[\"'“”]?[ ]?(?:\([^()\n]{{1,40}}\)[ ]?)?\Z"
)
_OWNER_REACH: Final = 100
_WROTE: Final = re.compile(
    rf"(?:(?:schrieb|wrote|hat|a écrit|escribió|ha scritto|schreef|napisał\(?a?\)?)[ ]+(?P<after>{_NAME})(?=[ ]?(?:[:<(]|geschrieben|am[ ]))"
    rf"|(?m:^|[,>][ ]?)(?P<before>{_NAME})[ ](?:schrieb|wrote|a écrit|escribió|ha scritto|schreef|napisał)[^\n]{{0,40}}:)"
)
_SELF: Final = re.compile(
    r"(?i)(?<![^\W\d_])(?:mein name ist|ich hei(?:ß|ss)e|ich bin (?:der|die)|hier (?:ist|spricht|schreibt)|my name is|my name's|i am called|this is|"
    r"je m'appelle|mon nom est|me llamo|mi nombre es|mi chiamo|il mio nome è|mijn naam is|ik heet|nazywam się|mam na imię|"
    rf"gesprochen mit|telefonat mit|rückruf (?:an|von)|z\.[ ]?hd\.(?: von)?|zu händen(?: von)?|attn\.?:?|c/o|i\.[ ]?a\.|gez\.|signed by|unterzeichnet von)[ ]+(?:(?:herrn?|frau|mr\.?|mrs\.?|ms\.?|dr\.?)[ ]+)*(?-i:(?P<name>{_NAME}))"
)
# M-Ü-L-L-E-R, V E R B R U G G E N, s t double e l
_SPELLED: Final = re.compile(
    r"(?<![\w-])(?:(?:[^\W\d_][-–.] ?){4,24}[^\W\d_]|(?:[^\W\d_] ){4,24}[^\W\d_]|(?:[^\W\d_] (?:(?:double|doppel|zweimal) )?){4,24}[^\W\d_])(?![\w-])"
)
# The address block of a letter: a title on a line of its own.
_LETTERHEAD: Final = re.compile(rf"(?m)^[ \t]{{0,20}}(?:Herrn?|Frau|Familie|Mr\.?|Mrs\.?|Ms\.?|Madame|Monsieur)[ \t]{{0,20}}\r?\n[ \t]{{0,20}}(?P<name>{_NAME})[ \t]{{0,20}}\r?$")
_AND: Final = re.compile(r"[ ]*(?:,|&|/|[ ](?:und|and|et|y|e|en|i)[ ])[ ]*")


class SalutationRecognizer(TextRecognizer):
    """Finds names by the greeting, sign-off, title, label or mailbox they stand with."""

    kinds: ClassVar[tuple[str, ...]] = (PERSON,)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the names of ``text``, without their titles."""
        for pattern in (_TITLED, _LETTERHEAD):
            for match in pattern.finditer(text):
                yield from self._name(text, *match.span("name"), titled=True)
        for pattern, group in ((_WROTE, "after"), (_WROTE, "before"), (_SELF, "name")):
            for match in pattern.finditer(text):
                if match[group]:
                    yield from self._name(text, *match.span(group))
        for match in _SPELLED.finditer(text):
            yield Finding(match.start(), match.end(), PERSON, PATTERN_SCORE, self.name)
        yield from self._mailboxes(text)
        yield from self._greeted(text)
        yield from self._signed(text)
        yield from self._speakers(text)

    def _name(self, text: str, start: int, end: int, *, titled: bool = False) -> Iterator[Finding]:
        """Yield a span up to the first word that is in no name; what has neither title nor given name is a guess."""
        spans = [word.span() for word in _WORDS.finditer(text, start, end)]
        found = [text[slice(*span)] for span in spans]
        count = next((i for i, word in enumerate(found) if _is_nobody(word) and not _is_particle(found, i)), len(found))
        while count and _is_particle(found, count - 1):
            count -= 1
        if not count:
            return
        if _ONE_SURNAME.match(text, max(0, start - _TITLE_REACH), start) and not holds_given_name(found[0]):
            count = min(count, _length_of_surname(found))
        name = text[start : spans[count - 1][1]]
        known = holds_given_name(name)
        if titled or known or not found[0][0].islower():
            score = CONTEXT_SCORE if titled or known else MODEL_SCORE
            yield Finding(start, start + len(name), PERSON, score, self.name)

    def _mailboxes(self, text: str) -> Iterator[Finding]:
        for address in _MAILBOX.finditer(text):
            reach = max(0, address.start() - _OWNER_REACH)
            if owner := _OWNER.search(text[reach : address.start()]):
                name = _last_words(owner["name"])
                if len(words(name)) > 1 or holds_given_name(name):
                    end = reach + owner.end("name")
                    yield from self._name(text, end - len(name), end)

    def _greeted(self, text: str) -> Iterator[Finding]:
        for match in _SALUTATION.finditer(text):
            at = match.start("name")
            for stop in [*(m.span() for m in _AND.finditer(text, at, match.end("more"))), (match.end("more"),) * 2]:
                if at == match.start("name") or holds_given_name(text[at : stop[0]]):
                    yield from self._name(text, at, stop[0])
                at = stop[1]

    def _signed(self, text: str) -> Iterator[Finding]:
        for match in _SIGNED.finditer(text):
            if "\n" in match["gap"] or "," in match["gap"] or holds_given_name(match["name"]):
                yield from self._name(text, *match.span("name"))

    def _speakers(self, text: str) -> Iterator[Finding]:
        """Yield the labels of a conversation: with a time, with a given name, or the same label again and again."""
        labels = list(_SPEAKER.finditer(text))
        counts = Counter(label["name"] for label in labels)
        chat = sum(map(holds_given_name, counts)) * 2 >= len(counts) > 1
        for label in labels:
            name = label["name"]
            timed = bool(label["stamp"] or label["time"])
            if holds_given_name(name):
                speaks = name[0].isupper() or timed or chat
            else:
                speaks = (timed or (chat and counts[name] > 1)) and len(words(name)) <= 3 and key(name) not in WORDS
            if speaks:
                yield from self._name(text, *label.span("name"))


# After these a single family name is the rule; in German a noun may follow it.
_ONE_SURNAME: Final = re.compile(r"(?s).*(?<![^\W\d_])(?:herrn?|frau|familie|mr\.?|mrs\.?|ms\.?)\s+(?:dr\.\s)?\Z", re.IGNORECASE)
_TITLE_REACH: Final = 16
_WORDS: Final = re.compile(rf"{_INITIAL}|{_WORD}")


def _length_of_surname(found: Sequence[str]) -> int:
    """Return how many words a family name takes: its particles, initials and one word."""
    return next((i for i, word in enumerate(found) if word.casefold() not in PARTICLES and word[-1] != "."), 0) + 1


def _last_words(phrase: str) -> str:
    """Return what follows the last word of ``phrase`` that is in no name."""
    found = list(_WORDS.finditer(phrase))
    texts = [word[0] for word in found]
    others = [i for i, word in enumerate(texts) if _is_nobody(word) and not _is_particle(texts, i)]
    if not others:
        return phrase
    return phrase[found[others[-1] + 1].start() :] if others[-1] + 1 < len(found) else ""


def _is_nobody(word: str) -> bool:
    return word.casefold() in NO_NAMES


def _is_particle(found: Sequence[str], index: int) -> bool:
    """Tell whether this word is a particle inside a name, such as "von" before a capital."""
    return found[index] in PARTICLES and any(word[0].isupper() and not _is_nobody(word) for word in found[index + 1 :])
