"""/v1/audio: text to speech, and speech to text.

A voice reads tokens aloud and can't be restored, so a text that holds any is refused unless attachments may pass. A
recording is an attachment; what is heard in it is the reply.
"""

from proxy.body import JSON
from proxy.dialects import Channel, Dialect
from proxy.table import Table
from proxy.walk import Path

SPEECH_REQUEST = Table(
    """
    model                                        structure
    input                                        text
    instructions                                 text
    voice                                        structure
    voice.id                                     structure
    response_format                              structure
    speed                                        structure
    stream_format                                structure
    """,
    order=("instructions", "input"),
)

SPEECH_EVENT = Table(
    """
    type                                         structure
    audio                                        opaque
    usage.**                                     structure
    """
)

TRANSCRIPT_REQUEST = Table(
    """
    file                                         attachment
    model                                        structure
    language                                     structure
    languages                                    structure
    prompt                                       text
    keywords                                     text
    known_speaker_names                          text
    known_speaker_references                     attachment
    chunking_strategy                            structure
    include                                      structure
    response_format                              structure
    stream                                       structure
    temperature                                  structure
    timestamp_granularities                      structure
    """
)

TRANSCRIPT = Table(
    """
    type                                         structure
    id                                           structure
    segment_id                                   structure
    language                                     structure
    languages[].code                             structure
    segments[].id                                structure
    logprobs.**                                  opaque
    usage.**                                     structure
    """
)


def channel(event: JSON, path: Path) -> Channel | None:
    """Name the channel of a transcript's delta."""
    segment = event.get("segment_id") if isinstance(event, dict) else None
    return (segment if isinstance(segment, str) else None,) if path == ("delta",) else None


def ended(event: JSON) -> list[Channel]:
    """Return all channels when the transcript is done."""
    return [()] if finished(event) else []


def finished(event: JSON) -> bool:
    """Tell whether the transcript is complete."""
    return isinstance(event, dict) and event.get("type") == "transcript.text.done"


def piece(last: JSON, where: Channel, text: str) -> JSON:
    """Build a delta that carries nothing but ``text``."""
    del last
    segment: dict[str, JSON] = {} if where[0] is None else {"segment_id": where[0]}
    return {"type": "transcript.text.delta", "delta": text, **segment}


SPEECH = Dialect(
    SPEECH_REQUEST, event=SPEECH_EVENT, sound=True,
    finished=lambda event: isinstance(event, dict) and event.get("type") == "speech.audio.done",
)  # fmt: skip
TRANSCRIPTION = Dialect(
    TRANSCRIPT_REQUEST, TRANSCRIPT, TRANSCRIPT, channel=channel, ended=ended, finished=finished, piece=piece,
    text_reply=True,
)  # fmt: skip
