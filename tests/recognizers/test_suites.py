"""The values that the two public suites send are found, whole, and the words beside them stay."""

import itertools
import random
from importlib import import_module

import pytest
from canarywire.values.builtins import BUILTINS
from pii_leak_benchmark.http_profile import make_fixture

from recognizers.base import TextRecognizer

PACKAGES = ("generic", "de", "eu", "en")
RECOGNIZERS: list[TextRecognizer] = [r for p in PACKAGES for r in import_module(f"recognizers.{p}").recognizers()]
WORDS = {"email": "mail", "phone": "phone", "iban": "IBAN", "card": "card", "national_id": "SSN"}
FORMS = [
    (name, tuple(zip(builtin.choices, values, strict=True)))
    for name, builtin in BUILTINS.items()
    for values in itertools.product(*builtin.choices.values())
]


def hidden(text: str) -> str:
    spans = [f for r in RECOGNIZERS if r.needs is None or r.needs.search(text) for f in r.find(text)]
    inside = {i for f in spans for i in range(f.start, f.end)}
    return "".join("x" if i in inside and c.isalnum() else c for i, c in enumerate(text))


def crossed(value: str) -> str:
    return "".join("x" if c.isalnum() else c for c in value)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_canarywire(name: str, form: tuple[tuple[str, str], ...]) -> None:
    builtin = BUILTINS[name]
    params = builtin.resolve(dict(form))
    for seed in range(20):
        value = builtin.make(random.Random(seed), params)  # noqa: S311 - invented values
        frame = f"Please update the account: {WORDS[name]} %s, please. Thanks."
        assert hidden(frame % value) == frame % crossed(value)


def test_pii_leak_benchmark() -> None:
    frame = (
        "Synthetic conformance record bracket-gravel-kettle: contact %s, SSN %s, card %s, aws key %s, github token %s, "
        "slack token %s"
    )
    for _ in range(50):
        values = tuple(make_fixture(include_credentials=True).values())
        assert hidden(frame % values) == frame % tuple(crossed(value) for value in values)


def test_a_whole_key_block() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----\nTk9UQVJFQUxLRVkK\n-----END RSA PRIVATE KEY-----"
    assert hidden(f"key: {block}\nend") == f"key: {crossed(block)}\nend"
