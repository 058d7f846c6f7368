"""Companies that are called by a person's name: Müller GmbH, Firma Müller, Kreuzer & Söhne KG."""

import re
from typing import Final

from recognizers.person import alternatives

_FORM: Final = re.compile(
    r"(?:[ ]+(?:&|und|and|et|[A-ZÄÖÜ][\w.-]*)){0,3}[ ]+"
    r"(?:G?mbH|AG|KG(?:aA)?|SE|UG|OHG|e\.?[ ]?[KGV]\.?|Ltd|Limited|Inc|LLC|LLP|PLC|plc|Corp|Co\b|GbR|PartG|"
    r"S\.?A\.?(?:S|RL)?|S\.?r\.?l|S\.?p\.?A|B\.?V|N\.?V|Sp\.|S\.L|Gruppe|Group|Holding|Stiftung|Foundation|Söhne|Sons)(?![^\W\d_])"
)
_KIND: Final = re.compile(
    r"(?<![^\W\d_])(?:Firma|Fa\.|Kanzlei|Autohaus|Bäckerei|Metzgerei|Brauerei|Verlag|Hotel|Apotheke)[ ]+"
)
_REACH: Final = 24
_WORD: Final = re.compile(rf"(?i)(?<![^\W\d_]){alternatives('organisations.txt')}(?![^\W\d_])")


def names_company(text: str, start: int, end: int) -> bool:
    """Tell whether the name at ``start:end`` is a company's, by what stands before it or behind it."""
    if _FORM.match(text, end) or _KIND.match(text, start, end):
        return True
    return any(kind.end() == start for kind in _KIND.finditer(text, max(0, start - _REACH), start))


def is_company(name: str) -> bool:
    """Tell whether one of the words of ``name`` is in the names of companies, offices and departments only."""
    return _WORD.search(name) is not None
