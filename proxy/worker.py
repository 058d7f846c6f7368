"""One detector process: reads batches of texts from a socket and answers each with its findings.

It holds one detector and nothing of the proxy: no key, no store, no connection but this one. When the proxy closes
the socket, however it ended, the process ends.
"""

import pickle
import resource
import signal
import socket
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from recognizers.config import DetectorConfig
from recognizers.errors import ConfigurationError
from recognizers.finding import Finding

if TYPE_CHECKING:
    from recognizers.detector import Detector

Found = list[tuple[int, int, str, float, str]]
Hello = tuple[str, int] | str  # the detector's version and the process's memory in bytes, or why there is none
Answer = tuple[list[Found | str], int]  # per text its findings, or the name of what went wrong; and memory in bytes

SIZE: Final = struct.Struct("!I")  # every message is its length and a pickle between our own two processes


def work(connection: socket.socket, config: DetectorConfig) -> None:
    """Build a detector, say its version, then answer batches until the connection closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the proxy decides when to stop
    with connection, connection.makefile("rb") as incoming:
        try:
            from recognizers.detector import Detector  # noqa: PLC0415 - the proxy itself holds none of a model's libraries

            detector = Detector(config)
        except Exception as error:  # noqa: BLE001 - said to the proxy, which says it to the operator
            reason: Hello = str(error) if isinstance(error, ConfigurationError) else type(error).__name__
            connection.sendall(packed(reason))
            return
        hello: Hello = (detector.version, _memory())
        connection.sendall(packed(hello))
        while head := incoming.read(SIZE.size):
            texts = pickle.loads(incoming.read(SIZE.unpack(head)[0]))  # noqa: S301 - from the proxy itself
            connection.sendall(packed(_answer(detector, texts)))


def _answer(detector: "Detector", texts: Sequence[str]) -> Answer:
    """Return the findings of a batch; if it fails as a whole, each text is tried by itself."""
    try:
        return [_plain(found) for found in detector.detect(texts)], _memory()
    except Exception:  # noqa: BLE001 - whatever it is, its text may quote a value
        return [_alone(detector, text) for text in texts], _memory()


def _alone(detector: "Detector", text: str) -> Found | str:
    try:
        return _plain(detector.detect([text])[0])
    except Exception as error:  # noqa: BLE001 - as above
        return type(error).__name__


def _plain(found: Sequence[Finding]) -> Found:
    return [(f.start, f.end, f.kind, f.score, f.recognizer) for f in found]


def _memory() -> int:
    """Return the most memory this process ever held, in bytes (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def packed(message: object) -> bytes:
    """Write one message."""
    data = pickle.dumps(message, protocol=5)
    return SIZE.pack(len(data)) + data


def findings(found: Found) -> list[Finding]:
    """Read back what was found in one text."""
    return [Finding(*one) for one in found]
