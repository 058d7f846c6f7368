"""Which token a claim gets: pure, and the same for the same picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.token import parse
from proxy.vault.plan import FirstTokens, Picture, plan
from proxy.vault.protocol import Claim


def digest(kind: str, value: str) -> bytes:
    return f"{kind}\0{value}".encode()


def tokens(claims: list[Claim], picture: Picture | None = None) -> list[str]:
    return [each.token for each in plan(claims, picture or Picture(), digest)]


names = st.sampled_from(["Anna Beispiel", "Anna", "Beispiel", "Bert", "Cora"])
claims = st.lists(st.tuples(st.sampled_from(["PERSON", "EMAIL"]), names).map(lambda each: Claim(*each)), max_size=8)


@given(claims, claims)
def test_more_claims_never_change_the_earlier_ones(first: list[Claim], more: list[Claim]) -> None:
    assert tokens(first + more)[: len(first)] == tokens(first)


@given(claims, claims)
def test_two_batches_are_as_one(first: list[Claim], more: list[Claim]) -> None:
    picture = Picture()
    for each in plan(first, picture, digest):
        picture.merge({each.digest: each.token}, [each.token])
    assert tokens(more, picture) == tokens(first + more)[len(first) :]


@given(claims, st.integers(0, 8))
def test_the_first_tokens_of_a_scope_go_on_where_they_were(batch: list[Claim], cut: int) -> None:
    first = FirstTokens(digest)
    assert first.extend(batch[:cut]) == tokens(batch[:cut])
    assert first.extend(batch) == tokens(batch)


@given(claims)
def test_planning_changes_no_picture(batch: list[Claim]) -> None:
    picture = Picture({b"x": "[PERSON_4]"}, ["[PERSON_4]", "[PERSON_9]"])
    planned = plan(batch, picture, digest)
    assert (picture.index, picture.taken) == ({b"x": "[PERSON_4]"}, {"[PERSON_4]", "[PERSON_9]"})
    assert all(parse(each.token)[1] > 9 for each in planned if each.kind == "PERSON")
    assert len({each.token for each in planned}) == len({each.digest for each in planned})


def test_a_grave_keeps_its_number_and_its_part() -> None:
    picture = Picture({}, ["[PERSON_1]", "[PERSON_1_FAMILY]"])
    assert tokens([Claim("PERSON", "Anna Beispiel")], picture) == ["[PERSON_2]"]
    known = Picture({digest("PERSON", "Anna Beispiel"): "[PERSON_1]"}, ["[PERSON_1]", "[PERSON_1_FAMILY]"])
    batch = [Claim("PERSON", "Anna Beispiel"), Claim("PERSON", "Beispiel", 0, "FAMILY")]
    assert tokens(batch, known) == ["[PERSON_1]", "[PERSON_1_ALT]"]


def test_a_family_name_may_come_first() -> None:
    batch = [Claim("PERSON", "Beispiel", None, "FAMILY"), Claim("PERSON", "Anna Beispiel", 0, "FULL")]
    assert tokens(batch) == ["[PERSON_1_FAMILY]", "[PERSON_1_FULL]"]


def test_a_child_has_the_kind_of_its_parent() -> None:
    batch = [Claim("PERSON", "Anna Beispiel"), Claim("USERNAME", "abeispiel", 0, "ALT")]
    assert tokens(batch) == ["[PERSON_1]", "[PERSON_1_ALT]"]


def test_derived_numbers_step_aside_where_they_collide() -> None:
    def derive(_: str, value: str, attempt: int) -> int:
        return 500 + attempt if value != "elsewhere" else 900

    batch = [Claim("PERSON", value) for value in ("a", "b", "elsewhere", "a", "c")]
    picture = Picture({}, ["[PERSON_501]"])
    found = [each.token for each in plan(batch, picture, digest, derive)]
    assert found == ["[PERSON_500]", "[PERSON_502]", "[PERSON_900]", "[PERSON_500]", "[PERSON_503]"]


@pytest.mark.parametrize("bad", [Claim("person", "x"), Claim("PERSON", "x", None, "MIDDLE"), Claim("PERSON", "x", 0)])
def test_what_cannot_be_written_is_refused(bad: Claim) -> None:
    with pytest.raises(ValueError, match=r"kind|part|parent"):
        plan([bad], Picture(), digest)
