"""Names in the places where people name each other: salutations, sign-offs, titles, a speaker's label, a mail header.

The place alone makes the name, so lower case counts too; what may stand there without naming anybody (team, Damen und
Herren, all) does not. Seven languages.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from recognizers.base import TextRecognizer
from recognizers.company import is_thing
from recognizers.finding import PERSON, Finding
from recognizers.generic.reading import Guarded
from recognizers.person import (
    GIVEN_NAMES,
    NO_NAMES,
    PARTICLES,
    WORDS,
    alternatives,
    holds_given_name,
    key,
    literals,
    words,
)
from recognizers.scores import CONTEXT_SCORE, MODEL_SCORE, PATTERN_SCORE

_LETTER: Final = r"[^\W\d_]"
_WORD: Final = rf"(?:{_LETTER}['’])?{_LETTER}{{1,30}}(?:[-'’]{_LETTER}{{1,30}}){{0,3}}(?!{_LETTER})"
_CAPITAL: Final = rf"(?!(?-i:[a-zäöüßà-öø-ÿ])){_WORD}"
_INITIAL: Final = rf"{_LETTER}\.(?:[ -]?{_LETTER}\.){{0,2}}"
_PARTICLE: Final = (
    r"(?:von(?: und zu| de[rnm])?|van(?: de[rn]?| 't)?|de(?: la| las| los)?|zu[mr]?|vom|d[aio]|do[si]?|del(?:la)?|du|"
    r"l[ao]|le|el|al|b[ei]n|ibn|te[rn]|(?:freiherr|graf|gräfin|baron)(?: von)?)"
)
# A name as it is written where capitals count, and where only the place does.
_NAME: Final = (
    rf"(?:{_INITIAL}[ ]?)?(?:{_PARTICLE}[ ]){{0,3}}{_CAPITAL}"
    rf"(?:[ ](?:(?:{_PARTICLE}[ ]){{1,3}}{_CAPITAL}|{_INITIAL}|{_CAPITAL})){{0,3}}"
)
_WORDS_OF_NAME: Final = rf"(?:{_INITIAL}|{_WORD})(?:[ ](?:{_INITIAL}|{_WORD})){{0,3}}"
_LINE_START: Final = r"^[> \t*_\"'„“-]{0,12}"

_ADDRESSED: Final = alternatives("forms_of_address.txt")
_DEGREES: Final = r"(?:(?:Dr|Prof|Dipl\.-Ing|med|jur|rer|nat|Ing|Mag|h\.c|ir|drs|mgr|Dott|Avv)\.?[ ]+){0,4}"
_TITLED: Final = re.compile(rf"(?<![\w-]){_ADDRESSED}[ \u00a0]+(?:<[a-z]{{1,6}}>)?{_DEGREES}(?P<name>{_NAME})")
# The address block of a letter: a form of address on a line of its own.
_LETTERHEAD: Final = re.compile(
    rf"(?m)^[ \t]{{0,20}}{_ADDRESSED}[ \t]{{0,20}}\r?\n[ \t]{{0,20}}{_DEGREES}(?P<name>{_NAME})[ \t]{{0,20}}\r?$"
)
_SALUTATION: Final = re.compile(
    rf"(?im){_LINE_START}(?:{alternatives('greetings.txt')}[ ,]{{1,2}}){{1,2}}(?:(?:ihr|ihnen|und|and|m\.|mme)[ ])?"
    rf"(?P<name>{_WORDS_OF_NAME})"
    r"(?P<more>(?:[ ]?(?:,|&|/|und|and|et|y|e|en|i)[ ]?(?!ich|wir|vielen|danke|i[ ]|ik)(?:[^\W\d_]+)){0,3})"
    r"[ ]?(?=[,!.:;–\n-]|\Z)"
)
_SIGNED: Final = re.compile(
    rf"(?im)(?:^|(?<=[.!?][ ]))[> \t*_-]{{0,12}}{alternatives('sign_offs.txt')}"
    r"(?P<gap>[ ]?[,.!;–-]{0,2}(?:[ ]+|[ \t]{0,20}\r?\n(?:[> \t]{0,20}\r?\n){0,2}[> \t]{0,20}))"
    r"(?:(?:ihre?|your|i\.[ ]?a\.|i\.[ ]?v\.|ppa\.|gez\.|from|von|dein|deine|euer|eure)[ ])?"
    rf"(?P<name>{_WORDS_OF_NAME}(?:[ ]{_WORD})?)"
    r"(?=[ \t]*(?:$|[,(|/;]|\.(?:\s|$)|[ ][-–—][ ]))"
)
# [10:32] Nadia: …, 12.03.24, 10:32 - Nadia K.: …, <nadia> …, Nadia (10:32): …, **Nadia:** …
_CLOCK: Final = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
_STAMP: Final = (
    rf"(?:\[[^\]\n]{{3,30}}\]|\(?{_CLOCK}\)?(?:[ ]?[AaPp][Mm])?|"
    rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}},?[ T]{_CLOCK})[ \t]{{0,4}}[-–|]?[ \t]{{0,4}}"
)
_SPEAKER: Final = re.compile(
    rf"(?m)^[ \t>*_-]{{0,12}}(?P<stamp>{_STAMP})?[<@*_]{{0,2}}(?P<name>{_WORDS_OF_NAME})"
    rf"(?P<time>[ ]\(?\[?{_CLOCK}\)?\]?)?[*_]{{0,2}}[:>][*_]{{0,2}}(?=[ \t])"
)
# "Max Müller" <max@…>, Koch, Anna [mailto:…]: looked for backwards from the address.
_MAILBOX: Final = re.compile(r"[<\[(](?:mailto:)?[^\s<>@]{1,64}@")
_OWNER: Final = re.compile(
    rf"(?<![\w.-])(?P<name>(?:{_INITIAL}|{_WORD})(?:,?[ ](?:{_INITIAL}|{_WORD})){{0,4}})"
    r"[\"'“”]?[ ]?(?:\([^()\n]{1,40}\)[ ]?)?\Z"
)
_OWNER_REACH: Final = 100
# Ciao <b>Nadia</b>, and <a href="mailto:…">Nadia</a>
_MARKED_UP: Final = Guarded(
    rf"(?:(?i:{alternatives('greetings.txt')})[ ,]{{1,2}}<[a-z]{{1,6}}>|mailto:[^\s<>\"']{{3,80}}[\"'][^<>]{{0,80}}>)"
    rf"(?P<name>{_NAME})(?=\s?<)",
    "<",
)
_WROTE: Final = Guarded(
    rf"(?:(?:schrieb|wrote|hat|a écrit|escribió|ha scritto|schreef|napisał\(?a?\)?)[ ]+(?P<after>{_NAME})"
    r"(?=[ ]?(?:[:<(]|geschrieben|am[ ]))"
    rf"|(?m:^|[,>][ ]?)(?P<before>{_NAME})[ ]"
    r"(?:schrieb|wrote|a écrit|escribió|ha scritto|schreef|napisał)[^\n]{0,40}:)",
    "schrieb", "wrote", "hat ", "a écrit", "escribió", "ha scritto", "schreef", "napisa",
)
_INTRODUCED: Final = Guarded(
    rf"(?i)(?<![^\W\d_]){alternatives('introductions.txt')}[ ]+"
    rf"(?:(?:herrn?|frau|mr\.?|mrs\.?|ms\.?|dr\.?)[ ]+){{0,2}}(?-i:(?P<name>{_NAME}))",
    *literals("introductions.txt"),
)
# M-Ü-L-L-E-R; after a word about spelling also V E R B R U G G E N, s t double e l
_SPELLED: Final = re.compile(
    rf"(?<![\w.-])(?:(?:(?![a-zß-öø-ÿ]){_LETTER}[-–] ?){{4,24}}(?![a-zß-öø-ÿ]){_LETTER}"
    rf"|(?:{_LETTER}[-–.]? (?:(?:double|doppel|zweimal) )?){{3,24}}{_LETTER})(?![\w-]|\.\w)"
)
_SPELLING: Final = re.compile(r"(?i)spell|buchstab|schreib|spel[lt]|spreek|épel|let|delet|liter|double|doppel")
_AND: Final = re.compile(r"[ ]*(?:,|&|/|[ ](?:und|and|et|y|e|en|i)[ ])[ ]*")
_WORDS: Final = re.compile(rf"{_INITIAL}|{_WORD}")
# After these a single family name is the rule; in German a noun may follow it.
_ONE_SURNAME: Final = re.compile(r"(?is).*(?<![^\W\d_])(?:herrn?|frau|familie|mr\.?|mrs\.?|ms\.?)\s+(?:dr\.\s)?\Z")
_COLLECTIVE: Final = re.compile(
    r"(?i)(?:schaft|ung|heit|keit|tät|tion|team|dienst|service|stelle|leute|freunde|verein|gemeinde|innen|gruppe|kreis|runde|club)$"
)
_TITLE_REACH: Final = 16
_LONGEST_SHOUTED: Final = 2  # words of a name in capitals; the model knows of more
_PHRASE: Final = 3  # words at most behind a sign-off on its own line, in lower case


class SalutationRecognizer(TextRecognizer):
    """Finds names by the greeting, sign-off, title, label or mailbox they stand with."""

    kinds: ClassVar[tuple[str, ...]] = (PERSON,)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the names of ``text``, without their titles."""
        for pattern in (_TITLED, _LETTERHEAD):
            for match in pattern.finditer(text):
                yield from self._name(text, *match.span("name"), titled=True)
        for guarded, group in ((_WROTE, "after"), (_WROTE, "before"), (_INTRODUCED, "name"), (_MARKED_UP, "name")):
            for match in guarded.finditer(text):
                if match[group]:
                    yield from self._name(text, *match.span(group))
        for match in _SPELLED.finditer(text):
            if " " not in match[0] or _SPELLING.search(text, max(0, match.start() - _OWNER_REACH), match.end()):
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
        count = next((i for i in range(1, count) if _shouts(found[i]) and not found[0].isupper()), count)
        while count and _is_particle(found, count - 1):
            count -= 1
        if not count:
            return
        if _ONE_SURNAME.match(text, max(0, start - _TITLE_REACH), start) and found[0].casefold() not in GIVEN_NAMES:
            count = min(count, _length_of_surname(found))
        if all(word.isupper() for word in found[:count]):  # among capitals the place says nothing of where a name ends
            count = min(count, _LONGEST_SHOUTED + sum(word.casefold() in PARTICLES for word in found[:count]))
        name = text[start : spans[count - 1][1]]
        known = holds_given_name(name)
        if not (titled or known) and _COLLECTIVE.search(name):
            return
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
            if match["name"].islower() and "\n" not in match["gap"] and len(words(match["name"])) > _PHRASE:
                continue
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



def _length_of_surname(found: Sequence[str]) -> int:
    """Return how many words a family name takes: its particles, initials and one word."""
    return next((i for i, word in enumerate(found) if word.casefold() not in PARTICLES and word[-1] != "."), 0) + 1


def _shouts(word: str) -> bool:
    return len(word) > 3 and word.isupper()


def _last_words(phrase: str) -> str:
    """Return what follows the last word of ``phrase`` that is in no name."""
    found = list(_WORDS.finditer(phrase))
    texts = [word[0] for word in found]
    others = [i for i, word in enumerate(texts) if _is_nobody(word) and not _is_particle(texts, i)]
    if not others:
        return phrase
    return phrase[found[others[-1] + 1].start() :] if others[-1] + 1 < len(found) else ""


def _is_nobody(word: str) -> bool:
    return word.casefold() in NO_NAMES or is_thing(word)


def _is_particle(found: Sequence[str], index: int) -> bool:
    """Tell whether this word is a particle inside a name, such as "von" before a capital; "and" joins two names."""
    after = found[index + 1] if index + 1 < len(found) else ""
    if (found[index] == "und" and after != "zu") or (found[index] in {"y", "e", "i"} and holds_given_name(after)):
        return False
    return found[index] in PARTICLES and any(word[0].isupper() and not _is_nobody(word) for word in found[index + 1 :])
