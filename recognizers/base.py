"""What every recognizer of Deckname is: a Presidio ``EntityRecognizer`` around one plain function of the text.

The detector calls ``find`` directly; ``analyze`` is the same for anybody who uses the recognizer with Presidio.
A recognizer is linear in the text, keeps no state between texts, and raises rather than skip anything.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from presidio_analyzer import EntityRecognizer, RecognizerResult

from recognizers.finding import Finding

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

class Condition(Protocol):
    """What must hold for a recognizer to find anything: a pattern, or `Marks`."""

    def search(self, text: str, /) -> object | None:
        """Return something if it holds for ``text``, else None."""


class TextRecognizer(EntityRecognizer):
    """A recognizer that needs only the text.

    ``kinds`` are the kinds it may report. ``needs``, if given, is a cheap necessary condition: where it does not
    match, ``find`` would report nothing (a property test holds every recognizer to that).
    """

    name: str
    kinds: ClassVar[tuple[str, ...]]
    needs: ClassVar[Condition | None] = None

    def __init__(self, name: str | None = None) -> None:
        super().__init__(supported_entities=list(self.kinds), name=name or type(self).__name__)

    @classmethod
    def __subclasses__(cls) -> list[type]:
        """Return those of other packages only: among all subclasses Presidio looks for its own, by their bare names."""
        return [one for one in type.__subclasses__(cls) if not one.__module__.startswith("recognizers.")]

    def load(self) -> None:
        """Do nothing: what a recognizer needs it has when it is constructed."""

    @abstractmethod
    def find(self, text: str) -> Iterable[Finding]:
        """Yield the findings of ``text``, which may overlap, in any order."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: "NlpArtifacts | None" = None  # noqa: ARG002
    ) -> list[Any]:
        """Report the findings of the wanted ``entities`` as Presidio results."""
        if self.needs is not None and not self.needs.search(text):
            return []
        wanted = set(entities or self.kinds)
        return [
            RecognizerResult(f.kind, f.start, f.end, f.score) for f in self.find(text) if f.kind in wanted
        ]
