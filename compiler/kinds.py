"""The types of Kubernetes objects, as rules see them: `from cmpolicy.kinds import Deployment`.

The classes come from the field index when they are asked for; `kinds.pyi` shows them to editors and type checkers.
"""

from __future__ import annotations

from functools import cache

from cmpolicy.dsl.structures import Object
from cmpolicy.fields import index


@cache
def object_class(type_name: str) -> type[Object]:
    """The class of a type in the index, the same for every call. Raises `KeyError` for an unknown type."""
    index.fields(type_name)
    kind = index.load().kinds.get(type_name)
    members = {"__slots__": (), "__module__": __name__, "type_name": type_name, "kind_": kind, "described": type_name}
    return type(type_name, (Object,), members)


def __getattr__(name: str) -> type[Object]:
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return object_class(name)
    except KeyError:
        meant = index.suggest(name, index.load().types)
        help_ = f"; did you mean `{meant}`?" if meant else ""
        raise AttributeError(f"Kubernetes has no type `{name}`{help_}") from None


def __dir__() -> list[str]:
    return sorted(index.load().types)
