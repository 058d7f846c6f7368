"""What is counted, for Prometheus. Labels come from short lists of our own: no value, name or id of anybody's is one.

Counts per person would be personal data, so nothing is counted by user, client, conversation or model.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from proxy import __version__

_OVERHEAD: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_DURATION: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)
_VAULT: Final = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1)


class Metrics:
    """The metrics of one Deckname, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered, by how they ended", "route", "outcome")
        self._duration = self._histogram("request_duration_seconds", "From a request's arrival to the end of its reply",
                                         _DURATION, "route")
        self._in_flight = Gauge("deckname_in_flight", "Requests being answered now", registry=self.registry)
        self._overhead = self._histogram("overhead_seconds", "Time added to a request, by phase", _OVERHEAD, "phase")
        self._found = self._counter("findings", "Pieces of personal data found, and what was done with them", "kind",
                                    "recognizer", "action")
        self._model_data = self._counter("model_data", "Pieces of personal data that models wrote by themselves, and "
                                         "what was done with them", "kind", "action")
        self._texts = self._counter("texts", "Texts looked through, by whether they had been before", "known")
        self._restored = self._counter("tokens_restored", "Tokens in replies that became their values again")
        self._unrestored = self._counter("tokens_unrestored", "Tokens in replies that stayed, by reason", "reason")
        self._refused = self._counter("failed_closed", "Requests refused so that nothing leaks, by reason", "reason")
        self._broken = self._counter("streams_broken", "Streams that ended with an error event, by reason", "reason")
        self._upstream = self._counter("upstream_errors", "Replies the upstream did not give, by reason", "reason")
        self._unscanned = self._counter("unscanned_characters", "Characters that passed unseen, by what they were",
                                        "kind")
        self._dropped = self._counter("dropped_characters", "Characters of attachments that were left out of requests")
        self._auth = self._counter("auth_failures", "Requests without a valid key")
        self._vault = self._histogram("vault_seconds", "Operations of the vault", _VAULT, "operation", "result")
        self._queue = Gauge("deckname_detector_queue", "Requests waiting for the detector", registry=self.registry)
        info = Gauge("deckname_build_info", "The version that runs; always 1", ["version"], registry=self.registry)
        info.labels(__version__).set(1)

    @contextmanager
    def answering(self, route: str) -> Iterator["Answering"]:
        """Count a request to ``route`` (one of our own list) while it is answered; the outcome is told to the result.

        Without a word it counts as ``failed``.
        """
        answering, began = Answering(), perf_counter()
        self._in_flight.inc()
        try:
            yield answering
        finally:
            self._in_flight.dec()
            self._requests.labels(route, answering.outcome).inc()
            self._duration.labels(route).observe(perf_counter() - began)

    def overhead(self, phase: str, seconds: float) -> None:
        """Record the time a phase (such as ``pseudonymise``) added to a request."""
        self._overhead.labels(phase).observe(seconds)

    def found(self, kind: str, recognizer: str, action: str, count: int = 1) -> None:
        """Count findings of a kind and what the policy decided."""
        self._found.labels(kind, recognizer, action).inc(count)

    def model_data(self, kind: str, action: str, count: int) -> None:
        """Count what a model wrote of people by itself, and what the policy for it is."""
        self._model_data.labels(kind, action).inc(count)

    def texts(self, here: int, elsewhere: int, misses: int) -> None:
        """Count texts whose findings were remembered, here or by another replica, and those a detector had to read."""
        self._texts.labels("yes").inc(here)
        self._texts.labels("elsewhere").inc(elsewhere)
        self._texts.labels("no").inc(misses)

    def restored(self, restored: int, suppressed: int, unknown: int) -> None:
        """Count a text's tokens: restored, kept out of a foreign URL, or of a form that was never issued here."""
        self._restored.inc(restored)
        self._unrestored.labels("url").inc(suppressed)
        self._unrestored.labels("unknown").inc(unknown)

    def foreign(self, count: int) -> None:
        """Count texts in the form of a token in a request whose scope issued no such token."""
        self._unrestored.labels("foreign").inc(count)

    def failed_closed(self, reason: str) -> None:
        """Count a request that was refused, by the refusal's code."""
        self._refused.labels(reason).inc()

    def stream_broken(self, reason: str) -> None:
        """Count a stream that had to end with an error event."""
        self._broken.labels(reason).inc()

    def upstream_failed(self, reason: str) -> None:
        """Count a request the upstream did not answer, by the refusal's code."""
        self._upstream.labels(reason).inc()

    def unscanned(self, kind: str, characters: int) -> None:
        """Count what the policy let pass unseen."""
        self._unscanned.labels(kind).inc(characters)

    def dropped(self, characters: int) -> None:
        """Count what the policy left out of a request."""
        self._dropped.inc(characters)

    def auth_failed(self) -> None:
        """Count a request that bore no valid key."""
        self._auth.inc()

    def vault(self, operation: str, result: str, seconds: float) -> None:
        """Record an operation of the vault and whether it succeeded (``ok``, ``failed``)."""
        self._vault.labels(operation, result).observe(seconds)

    def watch_detector(self, pending: Callable[[], int]) -> None:
        """Show how many requests wait for the detector: what ``pending`` says whenever the metrics are read."""
        self._queue.set_function(pending)

    def exposition(self) -> bytes:
        """Return everything in Prometheus's text format, whose media type is ``CONTENT_TYPE``."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"deckname_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"deckname_{name}", meaning, labels, buckets=buckets, registry=self.registry)


class Answering:
    """How one request ends: ``ok``, ``refused``, ``upstream_error``, ``client_closed`` or ``failed``."""

    outcome: str = "failed"


CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
