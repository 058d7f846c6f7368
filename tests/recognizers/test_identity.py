import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizers.finding import ADDRESS, CUSTOMER_NO, EMAIL, IBAN, LITERAL, PERSON, PHONE, SECRET
from recognizers.identity import ALT, FAMILY, FULL, GIVEN, Relation, Relations, relate

OWN = Relation(None, "")
NAMES = st.sampled_from(
    [
        "Max Müller",
        "Müller",
        "Max",
        "MAX MÜLLER",
        "Mueller",
        "Müller, Max",
        "M. Müller",
        "Anna Müller",
        "Anna",
        "Koch",
        "Nadia",
        "Nadia Kowalski",
        "Kowalski",
        "Ursula von der Au",
        "von der Au",
        "Au",
        "M&uuml;ller",
        "Müllers",
        "李",
        "x",
    ]
)
VALUES = st.lists(
    st.tuples(st.just(PERSON), NAMES)
    | st.tuples(st.sampled_from([EMAIL, IBAN, PHONE, ADDRESS, SECRET, LITERAL]), st.text(min_size=1, max_size=8)),
    max_size=14,
    unique=True,
)


def persons(*names: str) -> list[Relation]:
    return relate([(PERSON, name) for name in names])


@given(VALUES, st.integers(0, 14))
def test_later_values_change_nothing_said_before(values: list[tuple[str, str]], cut: int) -> None:
    assert relate(values)[:cut] == relate(values[:cut])


@given(VALUES, st.lists(st.integers(0, 14), max_size=3))
def test_values_related_little_by_little_are_as_at_once(values: list[tuple[str, str]], cuts: list[int]) -> None:
    relations = Relations()
    for cut in sorted(cuts):
        assert relations.extend(values[:cut]) == relate(values[:cut])
    assert relations.extend(values) == relate(values)


@given(VALUES)
def test_a_parent_is_earlier_of_the_same_kind_and_has_no_parent(values: list[tuple[str, str]]) -> None:
    relations = relate(values)
    for index, relation in enumerate(relations):
        assert (relation.parent is None) == (relation.part == "")
        if relation.parent is not None:
            assert relation.parent < index
            assert relations[relation.parent] == OWN
            assert values[relation.parent][0] == values[index][0]
            assert relation.part in {FULL, GIVEN, FAMILY, ALT}


@given(st.lists(st.tuples(st.just(LITERAL) | st.just(SECRET), st.text(min_size=1)), unique=True))
def test_secrets_and_literals_are_never_related(values: list[tuple[str, str]]) -> None:
    assert relate(values) == [OWN] * len(values)


def test_parts_and_spellings_of_one_person() -> None:
    assert persons("Max Müller", "Müller", "Max", "MAX MÜLLER", "Mueller", "Müller, Max", "M&uuml;ller") == [
        OWN, Relation(0, FAMILY), Relation(0, GIVEN), Relation(0, ALT), Relation(0, FAMILY), Relation(0, ALT),
        Relation(0, FAMILY),
    ]  # fmt: skip


def test_the_full_name_may_come_later() -> None:
    assert persons("Nadia", "Nadia Kowalski", "Kowalski") == [OWN, Relation(0, FULL), Relation(0, FAMILY)]
    assert persons("M. Müller", "Max Müller") == [OWN, Relation(0, FULL)]
    assert persons("Max Müller", "M. Müller") == [OWN, Relation(0, ALT)]


def test_two_people_of_one_name_are_not_confused() -> None:
    assert persons("Max Müller", "Anna Müller", "Müller", "MÜLLER", "Anna") == [
        OWN, OWN, OWN, Relation(2, ALT), Relation(1, GIVEN),
    ]  # fmt: skip
    assert persons("Max Müller", "Maria Müller", "M. Müller") == [OWN, OWN, OWN]


def test_what_a_lone_name_was_taken_for_it_stays() -> None:
    assert persons("Max Müller", "Müller", "Anna Müller", "MÜLLER") == [
        OWN,
        Relation(0, FAMILY),
        OWN,
        Relation(0, FAMILY),
    ]


def test_particles_belong_to_the_family_name() -> None:
    assert persons("Ursula von der Au", "von der Au", "Au") == [OWN, Relation(0, FAMILY), Relation(0, FAMILY)]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (EMAIL, "Max@x.de", "max%40x.de"),
        (IBAN, "DE89 3704 0044", "DE8937040044"),
        (PHONE, "+49 (0)170 1234567", "0170/1234567"),
        (PHONE, "0049 170 1234567", "+491701234567"),
        (ADDRESS, "Hauptstraße 5, 10115 Berlin", "HAUPTSTR. 5\n10115 Berlin"),
        (CUSTOMER_NO, "K-48 213", "k48213"),
    ],
)
def test_other_spellings(kind: str, one: str, other: str) -> None:
    assert relate([(kind, one), (kind, other)]) == [OWN, Relation(0, ALT)]


def test_kinds_do_not_mix() -> None:
    assert relate([(PERSON, "Max"), (CUSTOMER_NO, "Max")]) == [OWN, OWN]
