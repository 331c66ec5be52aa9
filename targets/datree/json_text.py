"""JSON text for people to read in a review: ASCII, broken only where a line would get too long."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cmpolicy.values import Json

_WIDTH = 110
_LAST_OPENING = 80
"""Up to this column the last entry of a map may open on the map's own line, so that long paths do not run away."""


_encode = json.JSONEncoder().encode

_Flat: TypeAlias = dict[int, str]
"""The text on one line of each part of a value, by the part's identity."""


def json_text(value: Json) -> str:
    """The value as JSON text that ends in a line feed."""
    flat: _Flat = {}
    _flatten(value, flat)
    return f"{_text(value, flat, indent=0, column=0)}\n"


def _flatten(value: Json, flat: _Flat) -> str:
    found = flat.get(id(value))
    if found is not None:
        return found
    match value:
        case str():
            text = _encode(value)
        case Mapping():
            text = "{" + ", ".join([f"{_encode(key)}: {_flatten(inner, flat)}" for key, inner in value.items()]) + "}"
        case Sequence():
            text = "[" + ", ".join([_flatten(element, flat) for element in value]) + "]"
        case _:
            text = _encode(value)
    flat[id(value)] = text
    return text


def _text(value: Json, flat: _Flat, indent: int, column: int) -> str:
    """The text of a value that starts at this column; lines of its own are indented below the line it starts on."""
    one_line = flat[id(value)]
    if column + len(one_line) <= _WIDTH:
        return one_line
    match value:
        case str():
            return one_line
        case Mapping() if value:
            return _map(value, flat, indent, column)
        case Sequence() if value:
            return _broken("[", [_text(element, flat, indent + 2, indent + 2) for element in value], "]", indent)
        case _:
            return one_line


def _map(value: Mapping[str, Json], flat: _Flat, indent: int, column: int) -> str:
    *others, (last, entry) = value.items()
    before = "".join(f"{_encode(key)}: {flat[id(other)]}, " for key, other in others)
    opening = f"{{{before}{_encode(last)}: "
    if column + len(opening) <= _LAST_OPENING:
        return f"{opening}{_text(entry, flat, indent, column + len(opening))}}}"
    lines = []
    for key, inner in value.items():
        start = f"{_encode(key)}: "
        lines.append(start + _text(inner, flat, indent + 2, indent + 2 + len(start)))
    return _broken("{", lines, "}", indent)


def _broken(opening: str, lines: Sequence[str], closing: str, indent: int) -> str:
    margin = " " * (indent + 2)
    body = ",\n".join(margin + line for line in lines)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"
