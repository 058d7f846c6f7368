"""The scorer counts what the annotation rules say, whatever is found."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detection.goldset import Message, Span
from benchmarks.detection.measure import ALL, result, run
from benchmarks.detection.report import markdown, mistakes
from benchmarks.detection.score import Judgement, Verdict, judge, match
from benchmarks.detection.speed import WORDS, german_messages
from recognizers.finding import CUSTOMER_NO, EMAIL, PERSON, Finding

TEXT = "Hallo Mira Lenz, Kunde 48-213! Gruß, Jo"
NAME, NUMBER, JO = Span(6, 15, PERSON), Span(23, 29, CUSTOMER_NO), Span(37, 39, PERSON)
MESSAGE = Message("de/one", "de", "mail", TEXT, (NAME, NUMBER, JO))


def found(*spans: tuple[int, int]) -> list[Finding]:
    return [Finding(start, end, EMAIL, 1.0, "test") for start, end in spans]


bounds = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted).map(tuple)
findings = st.lists(bounds.map(lambda b: Finding(b[0], b[1], EMAIL, 1.0, "test")), max_size=6)


@given(findings)
def test_every_letter_and_digit_is_counted_once(some: list[Finding]) -> None:
    judgement = judge(MESSAGE, some)
    personal = sum(TEXT[i].isalnum() for s in MESSAGE.spans for i in range(s.start, s.end))
    assert judgement.harmless == sum(map(str.isalnum, TEXT)) - personal
    assert len(judgement.changed) <= judgement.harmless
    assert all(TEXT[i].isalnum() and any(f.start <= i < f.end for f in some) for i in judgement.changed)
    assert len(judgement.verdicts) == len(MESSAGE.spans)


@given(findings, findings)
def test_more_findings_never_hide_less(some: list[Finding], more: list[Finding]) -> None:
    order = [Verdict.MISSED, Verdict.PARTLY, Verdict.HIDDEN]
    before, after = judge(MESSAGE, some), judge(MESSAGE, [*more, *some])
    assert all(order.index(a) <= order.index(b) for a, b in zip(before.verdicts, after.verdicts, strict=True))
    assert set(before.changed) <= set(after.changed)


@given(findings)
def test_order_and_overlap_of_findings_do_not_matter(some: list[Finding]) -> None:
    assert judge(MESSAGE, some) == judge(MESSAGE, [*reversed(some), *some])


def verdicts(*where: tuple[int, int]) -> tuple[Verdict, ...]:
    return judge(MESSAGE, found(*where)).verdicts


def test_verdicts() -> None:
    assert verdicts() == (Verdict.MISSED, Verdict.MISSED, Verdict.MISSED)
    assert verdicts((6, 10), (23, 25), (26, 29)) == (Verdict.PARTLY, Verdict.HIDDEN, Verdict.MISSED)
    assert verdicts((6, 15), (24, 29), (0, len(TEXT))) == (Verdict.HIDDEN,) * 3


def test_damage_leaves_punctuation_out() -> None:
    judgement = judge(MESSAGE, found((13, 19)))  # nz, Ku
    assert [TEXT[i] for i in judgement.changed] == ["K", "u"]


def test_a_dictated_value_counts_by_overlap() -> None:
    text = "null eins sieben"
    message = Message("de/two", "de", "transcript", text, (Span(0, len(text), "PHONE", dictated=True),))
    assert judge(message, found((5, 9))).verdicts == (Verdict.HIDDEN,)
    assert judge(message, found((4, 5))).verdicts == (Verdict.MISSED,)


class Parrot:
    """Finds the same in every message."""

    name = "Parrot"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = list(findings)

    def find(self, texts: Sequence[str]) -> list[list[Finding]]:
        return [self._findings for _ in texts]


def test_a_subject_is_measured() -> None:
    harmless = Message("de/three", "de", "note", "Der Müller mahlt am Bach sein Korn, wie es Sitte ist.", ())
    measured = result("Parrot", "dev", run(Parrot(found((6, 15))), [MESSAGE, harmless] * 20))
    assert measured.messages == 40
    assert (measured.core[ALL].hidden, measured.core[ALL].missed) == (20, 20)
    assert (measured.kinds[CUSTOMER_NO].missed, measured.other.spans) == (20, 20)
    assert (measured.damage[ALL].messages, measured.damage[ALL].touched) == (20, 20)
    assert measured.damage["de"].changed == 20 * len("llermahl")
    assert measured.as_json()["shares"]["core"][ALL] == 0.5
    table = markdown([measured], "python -m benchmarks.detection", "a machine")
    assert "| Parrot, dev (40) |" in table
    assert "| names, addresses, e-mails, phones | 50.0 % (0/20) |" in table


def test_mistakes_name_what_was_missed_and_damaged() -> None:
    lines = list(mistakes([judge(MESSAGE, found((6, 19), (37, 39)))]))
    assert [line.split()[0] for line in lines] == ["missed", "damage"]
    assert "'48-213'" in lines[0]
    assert ">Ku<" in lines[1].replace("'", "")


def test_no_mistake_where_all_is_right() -> None:
    judgement: Judgement = judge(MESSAGE, found(*((s.start, s.end) for s in MESSAGE.spans)))
    assert list(mistakes([judgement])) == []


spans = st.lists(bounds.filter(lambda b: b[0] < b[1]).map(lambda b: (b[0], b[1])), max_size=4, unique=True)


@given(st.lists(spans, max_size=4))
def test_a_corpus_agrees_with_itself(gold: list[list[tuple[int, int]]]) -> None:
    agreed = match(gold, gold)
    assert agreed.exact == agreed.overlapped == agreed.gold == agreed.found
    assert agreed.f1 == (1.0 if agreed.gold else 0.0)


def test_overlap_is_not_exactness() -> None:
    compared = match([[(0, 4), (6, 9)]], [[(2, 5), (20, 22)]])
    assert (compared.recall, compared.f1) == (0.5, 0.0)


@given(st.integers(0, 4 * WORDS))
def test_german_messages_are_cut_to_length(words: int) -> None:
    message = Message("de/long", "de", "letter", " ".join(["Wort"] * words), ())
    cuts = german_messages([message, Message("en/long", "en", "letter", "word " * 999, ())])
    assert len(cuts) == words // WORDS
    assert all(len(cut.split()) == WORDS for cut in cuts)
