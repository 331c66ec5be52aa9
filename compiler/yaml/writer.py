"""JSON values as block-style YAML: key order kept, nothing folded, the same bytes everywhere.

Every reader, be it of YAML 1.1, 1.2 or Kubernetes' own, gets back the value that was written: a string stands plain
only if it starts with a letter, `_` or `/` and is no word that some reader takes for a bool or null.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from cmpolicy.values import Json

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
# Controls, YAML 1.1 line breaks, the byte order mark, surrogates, non-characters, what is invisible or reorders text.
# Not `str.isprintable`, which differs between versions of Python.
_HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff"
)
_TO_ESCAPE = re.compile(f"[{_HIDDEN}]")
_PLAIN = re.compile(rf"[A-Za-z_/](?:[^{_HIDDEN}\t\n :]++|:(?=[^{_HIDDEN}\t\n ])| ++(?=[^ #]))*+\Z")
_SINGLE_QUOTED = re.compile(rf"[^{_HIDDEN}\t\n']*\Z")
_BLOCK = re.compile(rf"\n*(?=[^ \t\n])(?:[^{_HIDDEN}\n]*(?<![ \t])\n)*[^{_HIDDEN}\n]*(?<![ \t])(?<!\n\n)\Z")
_in_double_quotes = json.JSONEncoder(ensure_ascii=False).encode
_LONGEST_KEY = 1000
"""A reader finds an implicit key only if it ends within 1024 characters."""


def dump(document: Json) -> str:
    """One document. A num that JSON cannot say (an infinity, not-a-number) is a `ValueError`."""
    return f"{_text(document, '').lstrip()}\n"


def dump_all(documents: Iterable[Json]) -> str:
    """A stream of documents, separated by `---`."""
    return "---\n".join(map(dump, documents))


def dump_json(document: Json) -> str:
    """One document as JSON, on which all readers of YAML and of JSON agree."""
    return _TO_ESCAPE.sub(_escape, json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def dump_commented(document: Mapping[str, Json], comments: Mapping[tuple[str, ...], Sequence[str]]) -> str:
    """A map with comment lines, each one line of text, above the keys at these paths."""
    return "".join(f"{line}\n" for line in _commented(document, comments, (), ""))


def _commented(
    value: Mapping[str, Json], comments: Mapping[tuple[str, ...], Sequence[str]], path: tuple[str, ...], indent: str
) -> Iterator[str]:
    for key, inner in value.items():
        here = (*path, key)
        yield from (f"{indent}# {comment}" for comment in comments.get(here, ()))
        if isinstance(inner, Mapping) and any(each[: len(here)] == here != each for each in comments):
            yield f"{indent}{_short(key) or _long(key, indent)}:"
            yield from _commented(inner, comments, here, f"{indent}  ")
        else:
            yield f"{indent}{_short(key) or _long(key, indent)}:{_text(inner, f'{indent}  ')}"


def _text(value: Json, indent: str) -> str:
    """The value as it follows `key:`, so with the blank or line break before it; `indent` is that of its lines."""
    match value:
        case str():
            return f" {_block(value, indent) if _is_block(value) else _in_line(value)}"
        case None | int() | float():
            return f" {_scalar(value)}"
        case dict() | Mapping() if value:
            inner = f"{indent}  "
            return "".join(
                [f"\n{indent}{_short(key) or _long(key, indent)}:{_text(held, inner)}" for key, held in value.items()]
            )
        case list() | Sequence() if value:
            return "".join([f"\n{indent}-{_item(item, indent)}" for item in value])
        case _:
            return f" {_scalar(value)}"


def _item(item: Json, indent: str) -> str:
    """What follows the dash: a map or list starts on the same line."""
    return f" {_text(item, f'{indent}  ').lstrip()}"


@lru_cache(maxsize=1024)
def _short(key: str) -> str:
    """The key as it stands before its colon; empty if it is too long to."""
    text = _in_line(key)
    return text if len(text) <= _LONGEST_KEY else ""


def _long(key: str, indent: str) -> str:
    return f"? {_in_line(key)}\n{indent}"


def _scalar(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return _float(value)
        case Mapping():
            return "{}"
        case Sequence():
            return "[]"
        case _:
            return str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"`{value}` has no place in a manifest")
    mantissa, exponent, power = repr(value).partition("e")
    # YAML 1.1 takes `1e+16` for a string, `1.0e+16` for a number.
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _is_block(text: str) -> bool:
    return "\n" in text and _BLOCK.match(text) is not None


@lru_cache(maxsize=4096)  # manifests say the same again and again
def _in_line(text: str) -> str:
    return text if _is_plain(text) else _quoted(text)


def _is_plain(text: str) -> bool:
    return _PLAIN.match(text) is not None and text.lower() not in _WORDS


def _block(text: str, indent: str) -> str:
    lines = text.removesuffix("\n").split("\n")
    header = "|" if text.endswith("\n") else "|-"
    return "\n".join([header, *(f"{indent or '  '}{line}" if line else "" for line in lines)])


def _quoted(text: str) -> str:
    """In single quotes if that spares escapes, else in double quotes."""
    if ('"' in text or "\\" in text) and _SINGLE_QUOTED.match(text):
        return f"'{text}'"
    return _TO_ESCAPE.sub(_escape, _in_double_quotes(text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
