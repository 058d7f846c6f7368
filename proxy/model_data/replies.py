"""Replies under a tenant's policy for what the model wrote of people by itself.

It fails closed, as requests do: where the detector is in trouble, or the audit trail can't be written, a reply is not
given, and a stream ends with an error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from proxy.audit import AuditEvent, AuditFailed, AuditSink
from proxy.body import JSON
from proxy.caller import Tenant
from proxy.citations import shift_all
from proxy.dialects import Dialect, Reference
from proxy.errors import Refusal, Unavailable
from proxy.findings_cache import FindingsCache
from proxy.metrics import Metrics
from proxy.model_data.known import Known
from proxy.model_data.masking import MaskedPiece, Masking, without_probabilities
from proxy.policy import Action, Policy
from proxy.readback import Readback
from proxy.scope import Scope
from proxy.streams import Item, StreamRewriter
from proxy.table import Table
from proxy.walk import Leaf, Treatment
from proxy.workers import DetectionFailed, Findings
from recognizers.finding import Finding

MOST_WAITING: Final = 4096  # events that wait for text to be read; more than that, and the reply is broken off


class Handling(StrEnum):
    """What becomes of personal data that a model wrote by itself."""

    LEAVE = "leave"
    REPORT = "report"  # counted by kind, and written to the audit trail; the reply stays as it is
    MASK = "mask"  # a mark such as [PERSON] stands in its place


@dataclass(frozen=True, slots=True)
class Handlings:
    """What all tenants want, but for those ``by_client``."""

    default: Handling = Handling.LEAVE
    by_client: Mapping[str, Handling] = field(default_factory=dict)

    def of(self, tenant: Tenant) -> Handling:
        """Return what a tenant wants."""
        return self.by_client.get(tenant.name, self.default)


@dataclass(frozen=True, slots=True)
class ModelData:
    """The policy of every tenant, and what it takes to follow it."""

    findings: FindingsCache
    policy: Policy
    metrics: Metrics
    audit: AuditSink
    handlings: Handlings

    def listens(self, tenant: Tenant) -> bool:
        """Tell whether all that the tenant's replies say is wanted afterwards."""
        return self.handlings.of(tenant) is Handling.REPORT

    def masks(self, tenant: Tenant) -> bool:
        """Tell whether the tenant's replies are masked."""
        return self.handlings.of(tenant) is Handling.MASK

    def wanted(self, finding: Finding) -> bool:
        """Tell whether a finding counts: what may go to the model may also come from it."""
        return self.policy.decide(finding).action is not Action.ALLOW

    async def find(self, texts: list[str], tenant: Tenant) -> Findings:
        """Return what is found in texts. Raises ``Unavailable``."""
        try:
            return await self.findings.detect(texts, tenant.fingerprint_key) if texts else []
        except DetectionFailed as error:
            raise Unavailable("detector_unavailable", str(error)) from None

    def count(self, values: Iterable[tuple[str, str]], handling: Handling) -> Counter[str]:
        """Count values, which come with their kinds, and return how many there were of each kind."""
        kinds = Counter(kind for kind, _ in values)
        for kind, number in kinds.items():
            self.metrics.model_data(kind, handling.value, number)
        return kinds

    async def write_down(self, kinds: Counter[str], tenant: Tenant, scope: Scope) -> None:
        """Write what was found into the audit trail. Raises ``Unavailable``."""
        found = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
        try:
            await self.audit.record(
                AuditEvent("model_data", tenant.name, scope.key, "done", kinds.total(), found)
            )
        except AuditFailed as error:
            raise Unavailable("audit_unavailable", f"The reply is held back: {error}.") from None


class Reply:
    """One reply of ``tenant``'s. ``texts`` are those of the request, ``scope`` is where its tokens belong."""

    def __init__(
        self, service: ModelData, tenant: Tenant, scope: Scope, texts: Iterable[str], readback: Readback
    ) -> None:
        self._service = service
        self._tenant = tenant
        self._scope = scope
        self._known = Known(texts, readback.lexicon.values)
        self._masking = Masking(service.wanted, self._known)
        self._handling = service.handlings.of(tenant)
        self._masks = service.masks(tenant)
        self._told = False

    async def body(self, table: Table, body: JSON) -> JSON:
        """Return a restored body as the client may have it. Raises ``Unavailable``."""
        if not self._masks:
            return body
        masking = self._masking

        def masked(leaf: Leaf) -> str:
            return leaf.text if masking.spares(body, leaf.path) else masking.leaf(leaf)

        await self.read(
            window for leaf in table.leaves(body) if not masking.spares(body, leaf.path)
            for window in masking.unread(leaf)
        )
        without_probabilities(body)
        shift_all(body, masking.mover)
        return table.rewrite(body, masked)

    async def text(self, text: str) -> str:
        """Return a restored text that is no part of a body as the client may have it. Raises ``Unavailable``."""
        leaf = Leaf((), text, Treatment.TEXT)
        if not self._masks:
            return text
        await self.read(self._masking.unread(leaf))
        return self._masking.leaf(leaf)

    def stream(self, dialect: Dialect, readback: Readback, after: int | None) -> "ReplyStream":
        """Begin a stream, whose events up to number ``after`` the client has already."""
        if not self._masks:
            return ReplyStream(self, StreamRewriter(dialect, readback, after=after))
        masker = StreamRewriter(dialect, self._masking, after=after, most_waiting=MOST_WAITING)
        return MaskedStream(self, StreamRewriter(dialect, readback), masker)

    async def read(self, windows: Iterable[str]) -> None:
        """Have windows of the reply read before they are masked. Raises ``Unavailable``."""
        texts = [*dict.fromkeys(windows)]
        found = await self._service.find(texts, self._tenant)
        self._masking.learn(dict(zip(texts, found, strict=True)))

    def unread(self, leaf: Leaf, piece: object, *, whole: bool) -> list[str]:
        """Return the windows of a leaf that have to be read before it is masked."""
        return self._masking.unread(leaf, piece if isinstance(piece, MaskedPiece) else None, whole=whole)

    async def told(self, said: Iterable[str]) -> None:
        """Count what the model wrote by itself in what the client gets, and write it down if that is the policy.

        ``said`` is all of it, restored. The second time does nothing. Raises ``Unavailable``.
        """
        if self._told or self._handling is Handling.LEAVE:
            return
        self._told = True
        values: Iterable[tuple[str, str]] = self._masking.values
        if self._handling is Handling.REPORT:
            texts = [*said]
            found = zip(texts, await self._service.find(texts, self._tenant), strict=True)
            self._masking.learn(dict(found))
        kinds = self._service.count(values, self._handling)
        if kinds and self._handling is Handling.REPORT:
            await self._service.write_down(kinds, self._tenant, self._scope)


class ReplyStream:
    """A stream that is only restored."""

    def __init__(self, reply: Reply, restorer: StreamRewriter) -> None:
        self._reply = reply
        self._restorer = restorer

    @property
    def stored(self) -> list[Reference]:
        """What the events so far show to be stored."""
        return self._restorer.stored

    @property
    def complete(self) -> bool:
        """Whether an end of the reply was seen."""
        return self._restorer.complete

    async def feed(self, data: bytes) -> bytes:
        """Return the events that ``data`` completes, as the client may have them. Raises a ``Refusal``."""
        return self._restorer.feed(data)

    async def flush(self) -> bytes:
        """Return what is left when the stream ends. Raises a ``Refusal``."""
        return self._restorer.flush()

    def broken(self, refusal: Refusal) -> bytes:
        """Return the event that says why the stream can't go on, after what can still be given."""
        return self._restorer.broken(refusal)

    async def told(self, said: Iterable[str]) -> None:
        """Count, and perhaps write down, what the model wrote by itself. Raises ``Unavailable``."""
        await self._reply.told(said)


class MaskedStream(ReplyStream):
    """A stream that is restored and then masked: each event waits until what it completes is read."""

    def __init__(self, reply: Reply, restorer: StreamRewriter, masker: StreamRewriter) -> None:
        super().__init__(reply, restorer)
        self._masker = masker

    async def feed(self, data: bytes) -> bytes:
        """Return the events that can be given after ``data``. Raises a ``Refusal``."""
        return await self._masked(self._masker.items(self._restorer.feed(data)))

    async def flush(self) -> bytes:
        """Return what is left when the stream ends. Raises a ``Refusal``."""
        items = [*self._masker.items(self._restorer.flush()), *self._masker.last_items()]
        out = await self._masked(items)
        await self._read(None)
        return out + self._masker.end()

    def broken(self, refusal: Refusal) -> bytes:
        """Return the event that says why the stream can't go on; what was not read is not given."""
        return self._masker.broken(refusal, drop=True)

    async def _masked(self, items: Iterable[Item]) -> bytes:
        out = []
        for item in items:
            await self._read(item)
            out.append(self._masker.item(item))
        return b"".join(out)

    async def _read(self, item: Item | None) -> None:
        ahead = self._masker.ahead(item)
        windows = [window for leaf, piece, ends in ahead for window in self._reply.unread(leaf, piece, whole=ends)]
        if windows:
            await self._reply.read(windows)
