"""Typed reads of JSON that others wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from cmpolicy.values import Json, JsonMap

WordT = TypeVar("WordT", bound=StrEnum)
MOST_SHOWN = 60


class DecodeError(ValueError):
    """JSON that is not what it should be; the message is for users."""


def shortly(raw: Json) -> str:
    """The start of the JSON, in backticks."""
    spelled = json.dumps(raw, default=str)
    return f"`{spelled}`" if len(spelled) <= MOST_SHOWN else f"`{spelled[:MOST_SHOWN]}…`"


def mapping(raw: Json) -> JsonMap:
    """A map."""
    if not isinstance(raw, Mapping):
        raise DecodeError(f"{shortly(raw)} is no map")
    return raw


def field(raw: Json, name: str) -> Json:
    """The value of a field of a map; it is there."""
    held = mapping(raw)
    if name not in held:
        raise DecodeError(f"`{name}` is missing")
    return held[name]


def text(raw: Json, name: str) -> str:
    """A field that is a str."""
    value = field(raw, name)
    if not isinstance(value, str):
        raise DecodeError(f"`{name}` is no text")
    return value


def boolean(raw: Json, name: str) -> bool:
    """A field that is a bool."""
    value = field(raw, name)
    if not isinstance(value, bool):
        raise DecodeError(f"`{name}` is neither true nor false")
    return value


def whole(raw: Json, name: str) -> int:
    """A field that is an int."""
    value = field(raw, name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise DecodeError(f"`{name}` is no whole number")
    return value


def each(raw: Json, name: str) -> Sequence[Json]:
    """The elements of a field that is a list."""
    value = field(raw, name)
    if not isinstance(value, list | tuple):
        raise DecodeError(f"`{name}` is no list")
    return value


def texts(raw: Json, name: str) -> tuple[str, ...]:
    """The elements of a field that is a list of str."""
    found = each(raw, name)
    if not all(isinstance(value, str) for value in found):
        raise DecodeError(f"`{name}` is no list of texts")
    return tuple(str(value) for value in found)


def member(words: type[WordT], word: str) -> WordT:
    """The word of a closed set."""
    try:
        return words(word)
    except ValueError as error:
        raise DecodeError(f"`{word}` is no {words.__name__.lower()} that this cmpolicy knows") from error
