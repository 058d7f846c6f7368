"""The page of capacity: its conversations are what it says, and its sums are right."""

from itertools import pairwise

from benchmarks.capacity import TURNS, Needs, conversation, page


def test_every_turn_sends_the_history_and_one_new_message() -> None:
    requests = [request["messages"] for request in conversation(3)]
    assert [len(messages) for messages in requests] == [2 * turn + 1 for turn in range(TURNS)]
    assert all(after[: len(before)] == before for before, after in pairwise(requests))
    said = [messages[-1]["content"] for messages in requests]
    assert ["beispiel.example" in message for message in said] == [turn % 4 == 0 for turn in range(TURNS)]
    assert not {*said} & {messages[-1]["content"] for messages in (r["messages"] for r in conversation(4))}


def test_what_follows_from_the_measurement() -> None:
    text = page(Needs({"proxy": 0.2, "detector": 0.664}, 20_000.0, 30_000.0), 7)
    assert "from 7 conversations" in text
    assert "| processor time | 0.86 s (detector 0.66 s, proxy 0.20 s) | 43 ms |" in text
    assert "| store | 20.0 kB | 1.00 kB |" in text
    assert "| a day, spread evenly: cores | 10.0 |" in text
    assert "| kept: memory of the store | 20.0 GB |" in text
