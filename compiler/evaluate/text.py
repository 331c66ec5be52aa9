"""How a value reads in a message (`ir.Message`)."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy.evaluate.values import double
from cmpolicy.values import Json

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go's `unicode.IsSpace` is true of; Python's own notion is wider."""

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


def message_text(parts: Iterable[str]) -> str:
    """The whole message: its parts one after the other, without white space at its ends."""
    return "".join(parts).strip(WHITE_SPACE)


def _number(value: float) -> str:
    if abs(value) <= 2**53 and value == int(value):
        return str(int(value))
    return repr(value) if 0.0001 <= abs(value) < 1_000_000 else ""
