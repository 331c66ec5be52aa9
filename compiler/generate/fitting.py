"""Which values fit where, by the Kubernetes field index: what an API server would take, as far as the index tells.

The index knows types and no more: not which fields are required, nor what a text may be. Names and namespaces are
checked here; whoever wants objects that a server accepts has to fill in what it requires.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.evaluate.values import is_list, is_number
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.generate.edit import Place, Step
from cmpolicy.values import Json

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?", re.ASCII)
_NAMED: frozenset[Place] = frozenset({("metadata", "name"), ("metadata", "namespace")})


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fits into an object of one kind; of a kind that the index does not know, anything does."""

    type: FieldType

    def fits(self, place: Place, value: Json) -> bool:
        """Whether a field of the object that stands there may be this value; leaving it out is another matter."""
        if place in _NAMED:
            return isinstance(value, str) and _NAME.fullmatch(value) is not None
        found: FieldType | None = self.type
        for step in place:
            found = None if found is None else _inside(found, step)
        return found is not None and _fits(value, found)


def fitting(kind: ir.Kind) -> Fitting:
    """What fits into objects of this kind."""
    try:
        return Fitting(index.kind(str(kind))[1])
    except KeyError:
        return Fitting(Scalar.ANY)


def _inside(type_: FieldType, step: Step) -> FieldType | None:
    """The type of what stands under a key or an index; None if nothing does."""
    match type_:
        case Scalar.ANY:
            return type_
        case ObjectType(name) if isinstance(step, str):
            field = index.fields(name).get(step)
            return None if field is None else field.type
        case MapOf(value) if isinstance(step, str):
            return value
        case ListOf(item) if isinstance(step, int):
            return item
        case _:
            return None


def _fits(value: Json, type_: FieldType) -> bool:
    match type_:
        case Scalar():
            return _fits_scalar(value, type_)
        case ListOf(item):
            return is_list(value) and all(_fits(each, item) for each in value)
        case MapOf(inner):
            return isinstance(value, Mapping) and all(key and _fits(each, inner) for key, each in value.items())
        case ObjectType(name):
            fields = index.fields(name)
            return isinstance(value, Mapping) and all(
                key in fields and _fits(each, fields[key].type) for key, each in value.items()
            )
        case _:
            assert_never(type_)


def _fits_scalar(value: Json, type_: Scalar) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
    match type_:
        case Scalar.ANY:
            return value is not None
        case Scalar.STRING:
            return isinstance(value, str)
        case Scalar.INTEGER:
            return whole
        case Scalar.NUMBER:
            return is_number(value)
        case Scalar.BOOLEAN:
            return isinstance(value, bool)
        case Scalar.QUANTITY:
            return quantity(value) is not None
        case Scalar.INT_OR_STRING:
            return whole or isinstance(value, str)
        case _:
            assert_never(type_)
