"""Values of a type that no API server takes: a text where a map belongs, a number where a string does.

An API server reads a single value as the field's Go type does: a number is no string, also not in quotes the other way
round; a whole number may be written as `3.0`; a quantity may be text or a number. What it does to null is to drop it.

Rules give such a manifest a verdict all the same, since conditions are total; the user should know that it is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, assert_never

from cmpolicy.evaluate.quantity import quantity
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.values import Json, JsonMap

Steps: TypeAlias = tuple["Steps", str] | None
"""A path as a linked list, its last step first."""

_INTEGER = re.compile(r"[+-]?[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A field, as the steps to it, what stands there and what belongs there, and what to do where quotes are all."""

    steps: tuple[str, ...]
    found: str
    expected: str
    remedy: str = ""


def misfits(manifest: JsonMap) -> tuple[Misfit, ...]:
    """The fields of the wrong type; none for a kind that the field index does not know."""
    try:
        _, type_ = index.kind(f"{manifest.get('apiVersion')}/{manifest.get('kind')}")
    except KeyError:
        return ()
    found: list[Misfit] = []
    _walk(manifest, type_, None, found)
    return tuple(found)


def _walk(value: Json, type_: FieldType, steps: Steps, found: list[Misfit]) -> None:
    match type_:
        case ObjectType(name) if isinstance(value, dict):
            _walk_fields(value, name, steps, found)
        case MapOf(inner) if isinstance(value, dict):
            fine = _fine(inner)
            for key, each in value.items():
                if each is not None and type(each) not in fine:
                    _walk(each, inner, (steps, key), found)
        case ListOf(inner) if isinstance(value, list):
            fine = _fine(inner)
            for number, each in enumerate(value):
                if each is not None and type(each) not in fine:
                    _walk(each, inner, (steps, str(number)), found)
        case Scalar() if _takes(type_, value):
            return
        case _:
            found.append(Misfit(_listed(steps), _described(value, type_), _name_of_type(type_), _remedy(value, type_)))


def _walk_fields(value: Mapping[str, Json], name: str, steps: Steps, found: list[Misfit]) -> None:
    fields = _fields(name)
    for key, each in value.items():
        if each is not None and (field := fields.get(key)) is not None and type(each) not in field[1]:
            _walk(each, field[0], (steps, key), found)


@cache
def _fields(name: str) -> Mapping[str, tuple[FieldType, frozenset[type]]]:
    """The fields of a type: their types, and the Python types of values that need no second look."""
    return {key: (field.type, _fine(field.type)) for key, field in index.fields(name).items()}


def _fine(type_: FieldType) -> frozenset[type]:
    if not isinstance(type_, Scalar):
        return frozenset()
    return _TAKES[type_] - {str} if type_ is Scalar.QUANTITY else _TAKES[type_]


_TAKES: Mapping[Scalar, frozenset[type]] = {
    Scalar.STRING: frozenset({str}),
    Scalar.INTEGER: frozenset({int}),
    Scalar.NUMBER: frozenset({int, float}),
    Scalar.BOOLEAN: frozenset({bool}),
    Scalar.QUANTITY: frozenset({str, int, float}),
    Scalar.INT_OR_STRING: frozenset({int, str}),
    Scalar.ANY: frozenset({str, bool, int, float, list, dict}),
}


def _takes(type_: Scalar, value: Json) -> bool:
    if type_ is Scalar.QUANTITY and isinstance(value, str):
        return quantity(value.strip()) is not None
    return type(value) in _TAKES[type_] or (isinstance(value, float) and int in _TAKES[type_] and value.is_integer())


def _listed(steps: Steps) -> tuple[str, ...]:
    listed: list[str] = []
    while steps is not None:
        steps, step = steps
        listed.append(step)
    return tuple(reversed(listed))


_NAMES: Mapping[Scalar, str] = {
    Scalar.STRING: "a string",
    Scalar.INTEGER: "a whole number",
    Scalar.NUMBER: "a number",
    Scalar.BOOLEAN: "true or false",
    Scalar.QUANTITY: "a quantity",
    Scalar.INT_OR_STRING: "a whole number or a string",
}


def _described(value: Json, type_: FieldType) -> str:
    if type_ is Scalar.QUANTITY and isinstance(value, str):
        return "text that is no quantity"
    if isinstance(value, float) and isinstance(type_, Scalar) and int in _TAKES[type_]:
        return "a fraction"
    return name_of(value)


def _remedy(value: Json, type_: FieldType) -> str:
    """What quotes have to do with it, if they have."""
    if type_ is Scalar.STRING and isinstance(value, bool | int | float):
        return "put it in quotes"
    if isinstance(value, str) and (
        (type_ is Scalar.INTEGER and _INTEGER.match(value)) or (type_ is Scalar.BOOLEAN and value in ("true", "false"))
    ):
        return "leave out the quotes"
    return ""


def name_of(value: Json) -> str:
    """What kind of value it is, in words."""
    match value:
        case dict():
            return "a map"
        case list():
            return "a list"
        case str():
            return "text"
        case bool():
            return "a boolean"
        case _:
            return "a number"


def _name_of_type(type_: FieldType) -> str:
    match type_:
        case Scalar():
            return _NAMES[type_]
        case ListOf():
            return "a list"
        case MapOf() | ObjectType():
            return "a map"
        case _:
            assert_never(type_)
