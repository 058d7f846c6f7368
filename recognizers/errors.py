"""What can go wrong in detection. No message holds any text that was scanned, or any entry of a deny list.

RecognizerError
├── DetectionError       a text could not be scanned; nothing of its request may leave
└── ConfigurationError   the detector cannot be built as configured
"""


class RecognizerError(Exception):
    """The root of this package's errors."""


class DetectionError(RecognizerError):
    """A recognizer failed on a text: the text counts as not scanned."""


class ConfigurationError(RecognizerError):
    """The configuration names something that does not exist or does not work."""
