"""A body filled little by little: the same as one filled at once, whatever was filled in before."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from proxy.body import JSON
from proxy.dialects import openai_chat
from proxy.filling import Filling
from proxy.walk import Leaf

BODY: JSON = {
    "messages": [
        {"role": "user", "content": "a"},
        {"role": "user", "content": [{"type": "text", "text": "b"}], "extra": {"d": "e", "": "c"}},
    ],
    "metadata": {"f": "g", "h": "i"},
}
LEAVES = openai_chat.REQUEST.leaves(BODY)
Changes = tuple[tuple[Leaf, str], ...]
CHANGED = st.lists(st.sampled_from(LEAVES), unique_by=id).flatmap(
    lambda leaves: st.tuples(*(st.tuples(st.just(leaf), st.sampled_from(["<1>", "<2>", leaf.text])) for leaf in leaves))
)


@given(st.lists(CHANGED, max_size=4), CHANGED)
def test_what_was_begun_with_does_not_show(before: list[Changes], last: Changes) -> None:
    kept, filling = copy.deepcopy(BODY), Filling(BODY)
    for changed in before:
        filling.begin(changed)
    assert filling.fill(last) == Filling(BODY).fill(last)
    assert kept == BODY


def test_what_is_added_is_filled_in_and_the_rest_stays() -> None:
    content, text = LEAVES[0], LEAVES[1]
    filling = Filling(BODY)
    first = filling.begin([(content, "<1>")])
    assert filling.begin([(content, "<1>"), (text, "<2>")]) is first
    assert filling.begin([(text, "<2>")]) is not first
    assert Filling("a").fill([(Leaf((), "a", content.treatment), "<1>")]) == "<1>"
    assert any(leaf.is_key for leaf in LEAVES)
