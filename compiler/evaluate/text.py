"""How a value reads in a message (`ir.Message`)."""

from __future__ import annotations

from cmpolicy.evaluate.values import double
from cmpolicy.values import Json

MAX_SHOWN = 200
"""Code points of one value that a message shows."""


def text(value: Json) -> str:
    """The value as a message shows it; empty for what has no text."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value[:MAX_SHOWN].replace("\n", " ")
        case int() | float():
            return _number(double(value))
        case _:
            return ""


def _number(value: float) -> str:
    if abs(value) <= 2**53 and value == int(value):
        return str(int(value))
    return repr(value) if 0.0001 <= abs(value) < 1_000_000 else ""
