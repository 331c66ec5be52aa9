"""Values of a shape that no API server takes: a text where a map belongs, a map where a list does.

Rules give such a manifest a verdict all the same, since conditions are total; the user should know that it is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.values import Json, JsonMap

Steps: TypeAlias = tuple["Steps", str] | None
"""A path as a linked list, its last step first."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A field, as the steps to it, what stands there and what belongs there."""

    steps: tuple[str, ...]
    found: str
    expected: str


def misfits(manifest: JsonMap) -> tuple[Misfit, ...]:
    """The fields of the wrong shape; none for a kind that the field index does not know."""
    try:
        _, type_ = index.kind(f"{manifest.get('apiVersion')}/{manifest.get('kind')}")
    except KeyError:
        return ()
    found: list[Misfit] = []
    _walk(manifest, type_, None, found)
    return tuple(found)


def _walk(value: Json, type_: FieldType, steps: Steps, found: list[Misfit]) -> None:
    match type_:
        case Scalar.ANY:
            return
        case ObjectType(name) if isinstance(value, dict):
            _walk_fields(value, index.fields(name), steps, found)
        case MapOf(inner) if isinstance(value, dict):
            for key, each in value.items():
                _walk_inner(each, inner, (steps, key), found)
        case ListOf(inner) if isinstance(value, list):
            for number, each in enumerate(value):
                _walk_inner(each, inner, (steps, str(number)), found)
        case Scalar() if not isinstance(value, dict | list):
            return
        case _:
            found.append(Misfit(_listed(steps), _name_of(value), _name_of_type(type_)))


def _walk_fields(
    value: Mapping[str, Json], fields: Mapping[str, index.Field], steps: Steps, found: list[Misfit]
) -> None:
    for key, each in value.items():
        if field := fields.get(key):
            _walk_inner(each, field.type, (steps, key), found)


def _walk_inner(value: Json, type_: FieldType, steps: Steps, found: list[Misfit]) -> None:
    if value is not None and not (isinstance(type_, Scalar) and isinstance(value, str | int | float)):
        _walk(value, type_, steps, found)


def _listed(steps: Steps) -> tuple[str, ...]:
    listed: list[str] = []
    while steps is not None:
        steps, step = steps
        listed.append(step)
    return tuple(reversed(listed))


def _name_of(value: Json) -> str:
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
        case ListOf():
            return "a list"
        case MapOf() | ObjectType():
            return "a map"
        case _:
            return "a single value"
