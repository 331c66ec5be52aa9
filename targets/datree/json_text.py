"""JSON text for people to read in a review: ASCII, broken only where a line would get too long."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cmpolicy.values import Json

_WIDTH = 110
_LAST_OPENING = 80
"""Up to this column the last entry of a map may open on the map's own line, so that long paths do not run away."""


def json_text(value: Json) -> str:
    """The value as JSON text that ends in a line feed."""
    return f"{_text(value, indent=0, column=0)}\n"


def _text(value: Json, indent: int, column: int) -> str:
    """The text of a value that starts at this column; lines of its own are indented below the line it starts on."""
    flat = json.dumps(value)
    if column + len(flat) <= _WIDTH:
        return flat
    match value:
        case str():
            return flat
        case Mapping() if value:
            return _map(value, indent, column)
        case Sequence() if value:
            return _broken("[", [_text(element, indent + 2, indent + 2) for element in value], "]", indent)
        case _:
            return flat


def _map(value: Mapping[str, Json], indent: int, column: int) -> str:
    *others, (last, entry) = value.items()
    opening = (
        "{" + "".join(f"{json.dumps(key)}: {json.dumps(other)}, " for key, other in others) + f"{json.dumps(last)}: "
    )
    if column + len(opening) <= _LAST_OPENING:
        return f"{opening}{_text(entry, indent, column + len(opening))}}}"
    lines = []
    for key, inner in value.items():
        start = f"{json.dumps(key)}: "
        lines.append(start + _text(inner, indent + 2, indent + 2 + len(start)))
    return _broken("{", lines, "}", indent)


def _broken(opening: str, lines: Sequence[str], closing: str, indent: int) -> str:
    margin = " " * (indent + 2)
    body = ",\n".join(margin + line for line in lines)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"
