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

from cmpolicy.values import Json, JsonMap

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


def dump_items(items: Sequence[Json]) -> str:
    """Some items of the list in a map, for `dump_listed`."""
    return f"{_text(items, '  ')[1:]}\n" if items else ""


def dump_listed(document: JsonMap, key: str, items: Iterable[str]) -> str:
    """One document, a map with one more key, under which is the list of these items, which were dumped before."""
    listed = "".join(items)
    return f"{dump(document)}{key}:\n{listed}" if listed else dump({**document, key: []})


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
    found: list[str] = []
    _add(value, f"\n{indent}", indent, found)
    return "".join(found)


def _add(value: Json, first: str, indent: str, found: list[str]) -> None:
    """Add the value as it follows `key:` or a dash; before its first entry is `first`: the start of a line, or a blank."""
    match value:
        case str():
            found.append(f" {_string(value, indent)}")
        case dict() | Mapping() if value:
            line, inner = f"\n{indent}", f"{indent}  "
            inner_line = f"\n{inner}"
            for key, held in value.items():
                start = f"{first}{_short(key) or _long(key, indent)}:"
                first = line
                if isinstance(held, str):  # as most are
                    found.append(f"{start} {_string(held, inner)}")
                else:
                    found.append(start)
                    _add(held, inner_line, inner, found)
        case list() | Sequence() if value:
            line, inner = f"\n{indent}", f"{indent}  "
            for item in value:
                found.append(f"{first}-")
                _add(item, " ", inner, found)
                first = line
        case _:
            found.append(f" {_scalar(value)}")


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


def _string(text: str, indent: str) -> str:
    return _block(text, indent) if "\n" in text and _BLOCK.match(text) else _in_line(text)


@lru_cache(maxsize=4096)  # manifests say the same again and again
def _in_line(text: str) -> str:
    return text if _is_plain(text) else _quoted(text)


def _is_plain(text: str) -> bool:
    return _PLAIN.match(text) is not None and text.lower() not in _WORDS


def _block(text: str, indent: str) -> str:
    header, line = "|" if text.endswith("\n") else "|-", f"\n{indent or '  '}"
    lines = "\n" + text.removesuffix("\n")
    indented = lines.replace("\n", line)
    return header + (re.sub(f"{line}(?=\n)", "\n", indented) if "\n\n" in lines else indented)


def _quoted(text: str) -> str:
    """In single quotes if that spares escapes, else in double quotes."""
    if ('"' in text or "\\" in text) and _SINGLE_QUOTED.match(text):
        return f"'{text}'"
    return _TO_ESCAPE.sub(_escape, _in_double_quotes(text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
