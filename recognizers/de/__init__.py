"""Recognizers of what has a German form."""

from recognizers.base import TextRecognizer
from recognizers.de.address import GermanAddressRecognizer


def recognizers() -> list[TextRecognizer]:
    """Return one of each, ready to use."""
    return [GermanAddressRecognizer()]
