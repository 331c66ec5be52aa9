"""JSON documents, read as Go's JSON decoder reads a stream of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from json import JSONDecodeError
from typing import NoReturn

from cmpolicy.values import Json
from cmpolicy.yaml.events import MAX_DEPTH, MAX_VALUES
from cmpolicy.yaml.scalars import RefusedError, as_json

_BLANK = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def looks_like_json(text: str) -> bool:
    """Whether it starts as a JSON map does, by which Kubernetes clients tell JSON from YAML, or as a list."""
    return text.lstrip()[:1] in ("{", "[")


def read_stream(text: str) -> Iterator[tuple[Json, tuple[str, ...], int, int]]:
    """Each value with the keys its maps had twice, and where its text starts and ends.

    Raises `JSONDecodeError` where the text is no JSON, and `RefusedError` for a value that no manifest may have.
    """
    duplicates: list[str] = []

    def pairs(found: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(found)
        if len(made) < len(found):
            names = [name for name, _ in found]
            duplicates.extend(sorted({name for name in names if names.count(name) > 1}))
        return made

    decoder = json.JSONDecoder(
        object_pairs_hook=pairs, parse_float=_number, parse_int=_number, parse_constant=_no_constant
    )
    start = _skip(text, 0)
    while start < len(text):
        try:
            value, end = decoder.raw_decode(text, start)
        except RecursionError:
            raise _too_deep() from None
        _check(value, text[start:end])
        yield value, tuple(duplicates), start, end
        duplicates.clear()
        start = _skip(text, end)


def read_answer(content: bytes) -> Json:
    """The one JSON value that a server wrote, in which no map has a key twice.

    Raises `ValueError` for what is none, and `RefusedError` for one that is nested too deeply to be read.
    """
    try:
        value: Json = _plain().decode(content.decode())
    except RecursionError:
        raise _too_deep() from None
    return value


@cache
def _plain() -> json.JSONDecoder:
    return json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_no_constant)


def _skip(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


def _number(text: str) -> Json:
    """The number; one that is out of range is no JSON to Go either."""
    is_integer = text.lstrip("-").isdigit() and len(text) < 20
    try:
        return as_json(int(text) if is_integer else float(text))
    except RefusedError:
        return _no_constant(text)


def _no_constant(text: str) -> NoReturn:
    raise JSONDecodeError(f"number {text[:20]} is out of range", "", 0)


def _check(value: Json, text: str) -> None:
    """Refuse a value that is nested too deeply, too large, or has half of a surrogate pair in a string."""
    level, depth, count = [value], 0, 0
    while level := [child for each in level for child in _children(each)]:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH:
            raise _too_deep()
        if count > MAX_VALUES:
            raise RefusedError("size", f"the document holds more than {MAX_VALUES} values", "split it")
    if _SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise RefusedError("surrogate", "a string holds half of a surrogate pair") from None


def _children(value: Json) -> list[Json]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []


def _too_deep() -> RefusedError:
    return RefusedError("nesting", f"more than {MAX_DEPTH} lists and maps inside each other")
