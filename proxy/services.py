"""What every exchange uses, in company."""

from collections import Counter
from dataclasses import dataclass

from proxy.caller import Callers
from proxy.foresight import Foresight
from proxy.metrics import Metrics
from proxy.model_data.replies import ModelData
from proxy.pseudonymise import Pseudonymised, Pseudonymiser
from proxy.readback import ToolPolicy
from proxy.restore import Tally
from proxy.stored import StoredObjects
from recognizers.finding import LITERAL


@dataclass(frozen=True, slots=True)
class Services:
    """All of it. ``keepalive`` is in seconds, ``depth_limit`` in levels of nesting."""

    callers: Callers
    pseudonymise: Pseudonymiser
    stored: StoredObjects
    metrics: Metrics
    tools: ToolPolicy
    foresight: Foresight
    model_data: ModelData
    keepalive: float
    depth_limit: int
    drop_attachments: bool = False

    def count(self, hidden: Pseudonymised) -> None:
        """Count what was found in a body, and what passed unseen."""
        slots = hidden.ledger.slots()
        found = Counter([(s.finding.kind, s.finding.recognizer, s.decision.action) for s in slots])
        for (kind, recognizer, action), count in found.items():
            self.metrics.found(kind, recognizer, action.value, count)
        self.metrics.foreign(sum(slot.finding.kind == LITERAL for slot in slots))
        if hidden.unscanned:
            self.metrics.unscanned("attachment", hidden.unscanned)

    def count_restored(self, tally: Tally) -> None:
        """Count what became of the tokens in a reply."""
        self.metrics.restored(tally.restored, tally.suppressed.total(), tally.unknown)
