"""A value found once is found in every text of the request, and again in every later request of its scope.

Values are matched as whole words in one pass over each text (Aho and Corasick, 1975). Persons match by their parts and
in other spellings too; what could as well be an ordinary word or number is left alone unless its form speaks for it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import ahocorasick

from recognizers.company import names_company
from recognizers.finding import (
    ADDRESS,
    CUSTOMER_NO,
    DOB,
    EMAIL,
    IBAN,
    ID,
    LITERAL,
    MAC,
    PERSON,
    PLATE,
    SECRET,
    URL_PROFILE,
    USERNAME,
    Finding,
)  # fmt: skip
from recognizers.fold import fold, whole_words
from recognizers.normalize import Shadow, normalize
from recognizers.person import NO_NAMES, OPENING_WORDS, PARTICLES, WORDS, holds_given_name, words
from recognizers.reach import PART
from recognizers.resolve import with_whole_names
from recognizers.scores import CONTEXT_SCORE, SURE_SCORE

NAME: Final = "propagate"

_ANY_CASE: Final = frozenset({ADDRESS, DOB, EMAIL, IBAN, ID, MAC, PLATE, URL_PROFILE, CUSTOMER_NO})
_SHORTEST: Final = {USERNAME: 4, SECRET: 5, PLATE: 5, DOB: 6, ADDRESS: 6}
_DIGITS: Final = 5  # a number of fewer digits alone is not looked for elsewhere
_NOT_ALONE: Final = PARTICLES | NO_NAMES
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BACK: Final = (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))

_STREET: Final = re.compile(
    r"-?(?:[^\W\d_]+-)?(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|ufer|damm)(?![^\W\d_])", re.IGNORECASE
)
_BEGINNING: Final = re.compile(r"(?:\A|[.!?:][\"'„»)]?\s+|\n\s*)\Z")
_ARTICLE: Final = re.compile(
    r"(?<![^\W\d_])(?:der|die|das|den|dem|des|ein|eine[mnrs]?|kein\w*|im|am|zum|zur|vom|als|beim|"
    r"the|an?|in|on|of|this|that|every|my|your|our|le|la|les|un|une|du|des|el|los|las|una|il|lo|gli|het|de|een)\s+\Z",
    re.IGNORECASE,
)
_CODE_BEFORE: Final = re.compile(r"[A-Z0-9]+(?:[-_][A-Z0-9]+)*[-_]\Z")
_CODE_AFTER: Final = re.compile(r"[-_][A-Z0-9]+(?:[-_][A-Z0-9]+)*(?![a-z])")
_REACH: Final = 24  # characters before a match that say whether it is a word


class Known(NamedTuple):
    """A value known from elsewhere; of a person that is not ``sure`` no single word is looked for."""

    kind: str
    value: str
    sure: bool = True


class _Term(NamedTuple):
    """A form to look for. ``exact``: the only spelling that counts, where case matters."""

    kind: str
    exact: str | None = None
    single: bool = False  # one word of a person's name
    whole: str = ""  # the name it is part of, if it was not found by itself


def propagate(
    texts: Sequence[str], findings: Sequence[Sequence[Finding]], known: Sequence[Known] = ()
) -> list[list[Finding]]:
    """Return the findings of each text, with every value that is in any of them (or ``known``) found in all of them.

    ``findings`` are resolved and belong to ``texts`` one by one; ``known`` are values found elsewhere. The result is
    resolved again. Linear in the texts and the values.
    """
    terms = _Terms()
    for kind, value, sure in known:
        terms.add(kind, value, sure=sure)
    for text, found in zip(texts, findings, strict=True):
        for finding in found:
            terms.add(finding.kind, text[finding.start : finding.end], sure=is_sure(finding))
    if not terms.by_form:
        return [list(found) for found in findings]
    terms.compile()
    return [terms.complete(text, found) for text, found in zip(texts, findings, strict=True)]


def is_sure(finding: Finding) -> bool:
    """Tell whether a finding is sure enough for single words of a person's name to be looked for elsewhere."""
    return finding.score >= SURE_SCORE


class _Terms:
    """The forms of all values, and the automaton that finds them."""

    def __init__(self) -> None:
        self.by_form: dict[str, _Term] = {}
        self._added: dict[tuple[str, str], bool] = {}  # and whether it was sure
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        self._lowered: set[str] = set()  # single names that some text writes in lower case

    def add(self, kind: str, value: str, *, sure: bool) -> None:
        """Add every form in which ``value`` may stand elsewhere; of a person that is not ``sure``, all of it only."""
        if self._added.get((kind, value)) in {True, sure}:
            return
        self._added[kind, value] = sure
        text = normalize(value).text
        if kind == PERSON:
            self._add_person(text, sure=sure or holds_given_name(text))
        elif kind != LITERAL and _is_distinct(kind, text):
            self._put(text, _Term(kind, None if kind in _ANY_CASE else text))
            if kind == ADDRESS:
                self._add_parts(text)

    def compile(self) -> None:
        """Build the automaton; nothing is added afterwards."""
        for form in [form for form in self.by_form if self._is_genitive(form)]:
            del self.by_form[form]
        for form in self.by_form:
            self._automaton.add_word(form, form)
        self._automaton.make_automaton()

    def complete(self, text: str, found: Sequence[Finding]) -> list[Finding]:
        """Return ``found`` together with what else of the values stands in ``text``."""
        shadow = normalize(text)
        folded = fold(shadow.text)
        own = [self._without_genitive(text, finding) for finding in found]
        new = list(self._matches(shadow, folded, _Spans(own)))
        return with_whole_names(text, [*own, *new]) if new else own

    def _add_person(self, name: str, *, sure: bool) -> None:
        parts = words(name)
        if len(parts) > 1:
            self._put(name, _Term(PERSON))
            before, comma, after = name.partition(",")
            if comma:
                self._put(f"{after.strip()} {before.strip()}", _Term(PERSON))
            else:
                self._put(f"{parts[-1]}, {' '.join(parts[:-1])}", _Term(PERSON))
        for part in parts if sure else ():
            if _names_alone(part, name):
                if part.islower():
                    self._lowered.add(fold(part))
                whole = fold(name) if len(parts) > 1 else ""
                self._put(part, _Term(PERSON, part if len(part) == 2 else None, single=True, whole=whole))

    def _add_parts(self, address: str) -> None:
        for part in PART.findall(address):
            if _is_distinct(ADDRESS, part.strip()) and any(map(str.isdigit, part)) and any(map(str.isalpha, part)):
                self._put(part.strip(), _Term(ADDRESS))

    def _put(self, text: str, term: _Term) -> None:
        form = fold(text)
        for spelling in _spellings(form) if term.kind == PERSON else (form,):
            if spelling not in self.by_form or term.whole:
                self.by_form[spelling] = term

    def _matches(self, shadow: Shadow, folded: str, covered: "_Spans") -> Iterator[Finding]:
        for last, form in self._automaton.iter(folded):
            start, end = last + 1 - len(form), last + 1
            term, origin = self.by_form[form], shadow.span(start, end)
            if not covered.include(*origin) and self._counts(shadow.text, folded, start, end, term):
                yield Finding(*origin, term.kind, CONTEXT_SCORE, NAME)

    def _counts(self, text: str, folded: str, start: int, end: int, term: _Term) -> bool:
        if term.kind != PERSON:
            return _stands_alone(folded, start, end) and term.exact in {None, text[start:end]}
        after = end + 1 if folded.startswith("s", end) and not folded.endswith("s", start, end) else end
        if not (whole_words(folded, start, end) or whole_words(folded, start, after)):
            return False
        if _STREET.match(text, end) or names_company(text, start, end):
            return False
        return not term.single or self._is_name(text, start, end, term)

    def _is_name(self, text: str, start: int, end: int, term: _Term) -> bool:
        """Tell whether one word that is part of a known name stands for it here."""
        word = text[start:end]
        if (term.exact is not None and word != term.exact) or _in_code(text, start, end):
            return False
        form = fold(word)
        if form in WORDS:
            unlike = _BEGINNING if form in OPENING_WORDS else _ARTICLE
            return word[0].isupper() and not unlike.search(text, max(0, start - _REACH), start)
        return not word[0].islower() or form in self._lowered or (len(word) >= 4 and not _has_capitals(text, start))

    def _without_genitive(self, text: str, finding: Finding) -> Finding:
        """Leave a name's ending out where the name is known without it."""
        if finding.kind != PERSON or text[finding.end - 1] not in "sS":
            return finding
        form = fold(normalize(text[finding.start : finding.end]).text)
        known = form in self.by_form or form[:-1] not in self.by_form
        return finding if known else replace(finding, end=finding.end - 1)

    def _is_genitive(self, form: str) -> bool:
        """Tell whether a form is another person's name with an ending: Peters is one of Peter, but not Anna Peters."""
        term = self.by_form[form]
        if term.kind != PERSON or not form.endswith("s"):
            return False
        bare = self.by_form.get(form[:-1])
        if bare is None or bare.kind != PERSON:
            return False
        return not term.whole or (term.whole.endswith(form) and term.whole[:-1] in self.by_form)


def _names_alone(part: str, name: str) -> bool:
    """Tell whether a part of a name stands for the person by itself."""
    if len(part) < 2 or part.endswith(".") or fold(part) in _NOT_ALONE:
        return False
    return not part.islower() or (name.islower() and (holds_given_name(part) or len(part) > 3))


def _in_code(text: str, start: int, end: int) -> bool:
    """Tell whether a word is part of an article's number or an identifier, as in ``LAMPE-ODIN-02``."""
    before, after = _CODE_BEFORE.search(text, max(0, start - _REACH), start), _CODE_AFTER.match(text, end)
    return any(part is not None and any(map(str.isdigit, part[0])) for part in (before, after))


class _Spans:
    """Answers whether one of disjoint, sorted findings includes a span."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._starts = [finding.start for finding in findings]
        self._ends = [finding.end for finding in findings]

    def include(self, start: int, end: int) -> bool:
        """Tell whether one of them holds all of ``start:end``."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and self._ends[index] >= end


def _spellings(form: str) -> Iterator[str]:
    """Yield a folded name as it is, without umlauts, and with umlauts for its ae, oe, ue."""
    yield form
    if not form.isascii():
        yield form.translate(_UMLAUTS)
        return
    back = form
    for two, one in _BACK:
        back = back.replace(two, one)
    if back != form:
        yield back


def _is_distinct(kind: str, value: str) -> bool:
    """Tell whether a value is long enough to mean the same wherever it stands."""
    if value.isdigit() or not any(map(str.isalnum, value)):
        return len(value) >= _DIGITS
    return len(value) >= _SHORTEST.get(kind, 4)


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Tell whether a value is not a piece of a longer word or number."""
    if not whole_words(folded, start, end):
        return False
    if folded[end - 1].isdigit() and folded[end : end + 1] in {".", ",", "-"} and folded[end + 1 : end + 2].isdigit():
        return False
    return not (folded[start].isdigit() and start > 1 and folded[start - 1] in ".,-" and folded[start - 2].isdigit())


def _has_capitals(text: str, at: int) -> bool:
    """Tell whether the text around a place is written with capitals at all."""
    around = text[max(0, at - 200) : at + 200]
    return not around.islower()
