"""Chains of plain words in lower case, as branches, hosts, pods, files and records are named: ``anchor-kettle-whisk``.

Such a word looks like a surname to a model that does not know it, and such a chain like a passphrase.
"""

import re
from typing import Final

_LETTER: Final = "[a-zß-öø-ÿ]"
_BEFORE: Final = re.compile(rf"(?:{_LETTER}{{2,}}-)*{_LETTER}*\Z")
_CHAIN: Final = re.compile(rf"{_LETTER}{{2,}}(?:-{_LETTER}{{2,}}){{2,}}(?![^\W_])")
_REACH: Final = 80  # characters in which the chain's beginning is looked for


def in_slug(text: str, start: int, end: int) -> bool:
    """Tell whether ``start:end`` lies in a chain of three words or more."""
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    chain = _CHAIN.match(text, before.start() if before else start)
    return chain is not None and chain.end() >= end
