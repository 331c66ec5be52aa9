"""Read an object as the server's types do and write it back: defaults filled in, and nothing left that says nothing.

A server decodes into Go structs. What it knows no field for is lost, null is as good as absent, and of a field that
cannot tell an empty value from none that value is lost too. In a map or list null becomes the empty value of its type.
Values of a wrong type, which a server refuses, stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from cmpolicy.admission.defaults import DEFAULTS
from cmpolicy.admission.fills import FILLS, otherwise
from cmpolicy.admission.quantities import spelled, spelled_in_list
from cmpolicy.evaluate.values import is_list
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.fields.written import written
from cmpolicy.values import Json, JsonMap

_RESOURCES = MapOf(Scalar.QUANTITY)


def encoded(value: Json, type_: FieldType) -> Json:
    """The value as the server writes a field of this type."""
    match type_:
        case ObjectType(name) if isinstance(value, Mapping):
            return _object(value, name)
        case ListOf(item) if is_list(value):
            return [encoded(_empty(item) if each is None else each, item) for each in value]
        case MapOf(inner) if isinstance(value, Mapping):
            filled = {key: _empty(inner) if each is None else each for key, each in value.items()}
            return {
                key: spelled_in_list(each) if type_ == _RESOURCES else encoded(each, inner)
                for key, each in filled.items()
            }
        case Scalar.QUANTITY:
            return spelled(value)
        case _:
            return value


@dataclass(frozen=True, slots=True)
class _Plan:
    """The fields of a type: those that stay though empty, those that are there in any case, and structs that always are."""

    fields: Mapping[str, FieldType]
    kept: frozenset[str]
    always: JsonMap
    structs: JsonMap


@cache
def _plan(name: str) -> _Plan:
    """Raises `KeyError` for a type that the newest Kubernetes does not have."""
    how = written(name)
    fields = {key: field.type for key, field in index.fields(name).items() if field.until is None}
    structs: JsonMap = {
        key: {} for key, type_ in fields.items() if isinstance(type_, ObjectType) and key not in how.kept
    }
    always = {key: _empty(fields[key]) for key in sorted(how.always & fields.keys())}
    return _Plan(fields, how.kept, always, structs)


def _object(value: JsonMap, name: str) -> JsonMap:
    plan = _plan(name)
    held = {key: each for key, each in value.items() if key in plan.fields and _stays(key, each, plan)}
    filled = otherwise(DEFAULTS.get(name, {}), otherwise(plan.structs, held))
    if fill := FILLS.get(name):
        filled = fill(filled)
    inner = {key: encoded(each, plan.fields[key]) for key, each in filled.items() if key in plan.fields}
    whole = otherwise(plan.always, inner)
    return {key: each for key, each in whole.items() if key in plan.always or _stays(key, each, plan)}


def _stays(key: str, value: Json, plan: _Plan) -> bool:
    return value is not None and (key in plan.kept or not _is_empty(value, plan.fields[key]))


def _is_empty(value: Json, type_: FieldType) -> bool:
    empty = _empty(type_)
    return value == empty and isinstance(value, bool) == isinstance(empty, bool)


def _empty(type_: FieldType) -> Json:
    """The empty value of a type; null for one that the schema leaves open."""
    match type_:
        case ObjectType() | MapOf():
            return {}
        case ListOf():
            return []
        case Scalar.STRING:
            return ""
        case Scalar.INTEGER | Scalar.NUMBER | Scalar.INT_OR_STRING:
            return 0
        case Scalar.BOOLEAN:
            return False
        case Scalar.QUANTITY:
            return "0"
        case Scalar.ANY:
            return None
        case _:
            assert_never(type_)
