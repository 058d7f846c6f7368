"""The configuration: what there is to set, where it may be set, and what is wrong with it."""

from proxy.settings.forms import Address
from proxy.settings.load import load
from proxy.settings.model import Settings
from proxy.settings.problems import Problem, SettingsError

__all__ = ["Address", "Problem", "Settings", "SettingsError", "load"]
