"""What holds for all tests: how long an example takes on a busy machine proves nothing, so none has a deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile("deckname", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("deckname")
