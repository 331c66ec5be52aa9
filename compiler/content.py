"""Content that others may have written: told apart by its digest, written in one way, and shown without harm."""

from __future__ import annotations

import hashlib
import json
import re

from cmpolicy.values import Json

MOST_SHOWN = 100

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def digest_of(content: bytes) -> str:
    """The digest by which content is stored and signed: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def is_digest(value: str) -> bool:
    """Whether it is a digest that cmpolicy can check."""
    return _DIGEST.fullmatch(value) is not None


def canonical(value: Json) -> bytes:
    """JSON without a choice: keys sorted, no spaces, UTF-8. Raises `ValueError` for what no JSON can hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def shown(text: str) -> str:
    """A text of others, cut, and fit for a terminal."""
    cut = text[:MOST_SHOWN]
    if cut.isprintable():
        return cut
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in cut)


def printable(text: str) -> str:
    """The text on one line, with what a terminal would obey, such as line feeds and escapes, spelled out."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
