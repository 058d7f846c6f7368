"""Streams of pictures, transcripts and speech: every event of the specification, at every cut."""

import json
from typing import Any

import pytest

from proxy.dialects import Dialect
from proxy.dialects.openai_audio import SPEECH, TRANSCRIPTION
from proxy.dialects.openai_images import IMAGES
from proxy.readback import Readback
from proxy.restore import Issued, Lexicon, restore
from proxy.streams import StreamRewriter
from tests.bodies import fields

LEXICON = Lexicon([Issued("[EMAIL_1]", "erika@beispiel.example")])
TEXT = "An [EMAIL_1] und [EMA"
DIALECTS = {"/images/generations": IMAGES, "/audio/transcriptions": TRANSCRIPTION, "/audio/speech": SPEECH}
OPAQUE = {"b64_json", "audio", "logprobs"}


def through(dialect: Dialect, events: list[dict[str, Any]], cut: int) -> list[dict[str, Any]]:
    data = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    restorer = StreamRewriter(dialect, Readback(LEXICON))
    out = b"".join(restorer.feed(data[i : i + cut]) for i in range(0, len(data), cut)) + restorer.flush()
    assert restorer.complete
    return [json.loads(line[6:]) for line in out.decode().splitlines() if line]


LAST = {"/images/generations": "image_generation.completed", "/audio/transcriptions": "transcript.text.done",
        "/audio/speech": "speech.audio.done"}  # fmt: skip


@pytest.mark.parametrize("line", fields("openai_other_events.txt"))
@pytest.mark.parametrize("cut", [1, 7, 1000])
def test_every_event_of_the_specification_is_restored(line: str, cut: int) -> None:
    path, kind, names = (part.strip() for part in line.split("|"))
    texts = [name.split(":")[0].strip() for name in names.split(",")]
    event = {"type": kind, **dict.fromkeys(texts, "[EMAIL_1]")}
    out = through(DIALECTS[path], [event, {"type": LAST[path]}], cut)[0]
    assert {name: out[name] for name in texts} == {
        name: "[EMAIL_1]" if name in OPAQUE else "erika@beispiel.example" for name in texts
    }


@pytest.mark.parametrize("length", [1, 2, 5, 1000])
@pytest.mark.parametrize("segment", [None, "s1"])
def test_deltas_of_a_transcript_are_what_its_end_says(length: int, segment: str | None) -> None:
    extra = {"segment_id": segment} if segment else {}
    pieces = [TEXT[i : i + length] for i in range(0, len(TEXT), length)]
    deltas = [{"type": "transcript.text.delta", **extra, "delta": piece} for piece in pieces]
    out = through(TRANSCRIPTION, [*deltas, {"type": "transcript.text.done", "text": TEXT}], 11)
    assert "".join(e["delta"] for e in out[:-1]) == out[-1]["text"] == restore(LEXICON, TEXT)
    assert all(e.get("segment_id") == segment for e in out[:-1])
