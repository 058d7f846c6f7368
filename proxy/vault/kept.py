"""What the vault knows of objects that the provider keeps (responses, files, …): a record for each, a scope of its own.

A record's one entry says which scope holds the object's values, in which life of that scope, and whose the object is.
A scope that was forgotten or expired numbers its tokens anew, and what was stored in its former life must not get the
values of the new one; so a record counts only while that very life lasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from proxy.scope import Scope
from proxy.vault.protocol import Claim, Entry

KIND: Final = "SCOPE"
_PLACE: Final = "_kept"  # stands where a scope has its user; identifiers of users are hexadecimal digits
_NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Kept:
    """The scope of an object's tokens, and the user who made it, as a keyed identifier, if headers proved one.

    ``model`` is the one that made it: the provider behind that model is where the object is.
    """

    scope: Scope
    owner: str = ""
    model: str = ""


def record_scope(tenant: str, name: str) -> Scope:
    """Give the scope that is the record of the object of that keyed ``name``."""
    return Scope(tenant, _PLACE, name)


def records_of(tenant: str) -> str:
    """Give what the keys of all records of a tenant begin with."""
    return f"{Scope(tenant).tenant}.{_PLACE}."


def is_record(scope: Scope) -> bool:
    """Tell whether a scope is the record of an object."""
    return scope.user == _PLACE


def written(kept: Kept, life: str) -> Claim:
    """Write a record's entry. ``life`` is that of the kept scope, nothing where it has none yet."""
    return Claim(KIND, f"{kept.owner or _NOTHING} {kept.scope.key} {life or _NOTHING} {kept.model}")


def read(entries: Sequence[Entry]) -> tuple[Kept, str] | None:
    """Read what was written last, and the life it is of; None where nothing was."""
    if not entries:
        return None
    owner, scope, life, model = entries[-1].value.split(" ", 3)
    return Kept(Scope.from_key(scope), owner.replace(_NOTHING, ""), model), life.replace(_NOTHING, "")
