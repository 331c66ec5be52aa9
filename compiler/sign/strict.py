"""Reads of what a signature is about. Whatever two readers could understand in two ways is refused."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from cmpolicy.content import canonical, shown
from cmpolicy.ir_json.read import DecodeError, mapping
from cmpolicy.values import Json, JsonMap

T = TypeVar("T")
MOST_REASONS = 5


class NotVerified(Exception):
    """What is not signed as it should be; the message is for users and names what failed."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Tell what cannot be read in the block as not verified, with the name of what it is a part of."""
    try:
        yield
    except DecodeError as error:
        raise NotVerified(f"{what}: {error}") from error


def read_json(content: bytes) -> Json:
    """JSON in UTF-8 in which no key stands twice, every number is one, and no character is half of one.

    Raises `DecodeError`.
    """
    try:
        text = content.decode()
        value: Json = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
        canonical(value)  # fails on what is escaped in ASCII and is no text, or too large to be a number
    except DecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise DecodeError("it is no JSON") from error
    return value


def _unique(pairs: Sequence[tuple[str, Json]]) -> JsonMap:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise DecodeError(f"`{shown(key)}` stands twice")
        found[key] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise DecodeError(f"`{name}` is no JSON")


def only(raw: Json, *names: str) -> JsonMap:
    """A map without other fields than these: one that is not understood may change what the others mean."""
    if unknown := sorted(mapping(raw).keys() - set(names)):
        raise DecodeError(f"`{shown(unknown[0])}` is no field that this cmpolicy knows")
    return mapping(raw)


def read_base64(text: str) -> bytes:
    """Bytes in standard base64, padded, in the one way to write them. Raises `DecodeError`."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DecodeError("it is no base64") from error
    if write_base64(content) != text:
        raise DecodeError("it is no base64: bits are left over")
    return content


def write_base64(content: bytes) -> str:
    """In standard base64, padded."""
    return base64.b64encode(content).decode()


def require(holds: bool, problem: str) -> None:
    """Raise `NotVerified` with the problem unless it holds."""
    if not holds:
        raise NotVerified(problem)


def first_verified(checks: Iterable[Callable[[], T]], nothing: str) -> T:
    """What the first check gives that verifies: beside the one that counts may stand signatures of others.

    Raises `NotVerified` with the first different reasons, or with `nothing` if there is none to check.
    """
    reasons: list[str] = []
    for check in checks:
        try:
            return check()
        except NotVerified as error:
            reasons.append(str(error))
    different = list(dict.fromkeys(reasons))
    more = [f"{len(different) - MOST_REASONS} more"] if len(different) > MOST_REASONS else []
    raise NotVerified("; ".join([*different[:MOST_REASONS], *more]) or nothing)
