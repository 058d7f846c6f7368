"""What Deckname would do with a text, on this machine only: no store, no key file, no network.

It takes the same way as a request of a new conversation, with a vault that ends with the call.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from keys.ring import KeyRing
from keys.secret import Secret
from keys.sources import Change
from proxy.app import detector_config
from proxy.caller import Caller, Tenant
from proxy.findings_cache import FindingsCache
from proxy.operators import Operators
from proxy.policy import Policy
from proxy.pseudonymise import Pseudonymiser
from proxy.scope import Scope
from proxy.settings import Settings
from proxy.vault import open_vault
from proxy.walk import Leaf, Treatment
from proxy.workers import Findings
from recognizers.detector import Detector


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, what is done with it, and the value itself, which no repr shows."""

    kind: str
    action: str
    recognizer: str
    value: str = field(repr=False)


class _InProcess:
    """The detector without worker processes."""

    def __init__(self, settings: Settings) -> None:
        self._detector = Detector(detector_config(settings))
        self.version = self._detector.version

    async def detect(self, texts: Sequence[str], *, admitted: bool = False) -> Findings:  # noqa: ARG002 - none waits
        return self._detector.detect(texts)


class _Passing:
    """A key ring that nobody keeps."""

    def __init__(self) -> None:
        self._ring = KeyRing.generate(secrets.token_bytes, int(time.time()))

    def current(self) -> KeyRing:
        return self._ring

    def change(self, change: Change) -> KeyRing:
        self._ring = change(self._ring)
        return self._ring


async def dry_run(settings: Settings, text: str) -> tuple[str, list[Found]]:
    """Return the text as the model would see it, and what was found in it, in order.

    Raises ``Refusal`` if the policy blocks it, ``RecognizerError`` if the detector cannot be built.
    """
    policy = Policy(settings.actions, settings.default_action, settings.thresholds)
    vault = open_vault("memory:", _Passing())
    detector = FindingsCache(_InProcess(settings), limit=0)
    pseudonymise = Pseudonymiser(detector, vault, policy, Operators(secrets.token_bytes(32)))
    leaf = Leaf(("messages", 0, "content"), text, Treatment.TEXT)
    tenant = Tenant.of(Secret(secrets.token_bytes(32)), "inspect")
    caller = Caller(tenant, Scope(tenant.id, conversation="once"), lasting=False)
    hidden = await pseudonymise([leaf], caller, lambda _: "text")
    return hidden.texts[0], [
        Found(slot.finding.kind, slot.decision.action.value, slot.finding.recognizer, slot.value)
        for slot in hidden.ledger.slots()
    ]
