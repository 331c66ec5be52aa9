"""What a value can be, by the way it is made: the types that it can have, and how small or large it can be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.values import double, elems
from cmpolicy.values import Json

NULL, BOOLEAN, NUMBER, STRING, LIST, MAP = "null", "boolean", "number", "string", "list", "map"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The types that a value can have; the least and the greatest it can be as a number; the one value it can have, if so."""

    types: frozenset[str]
    least: float = -math.inf
    greatest: float = math.inf
    only: tuple[Json] | None = None

    def may_be(self, *types: str) -> bool:
        return not self.types.isdisjoint(types)

    def must_be(self, *types: str) -> bool:
        return self.types.issubset(types)


def of_types(*types: str) -> Bounds:
    """Anything of these types."""
    return Bounds(frozenset(types))


ANYTHING = of_types(NULL, BOOLEAN, NUMBER, STRING, LIST, MAP)
NOTHING = Bounds(frozenset({NULL}), only=(None,))
ELEMENT = of_types(BOOLEAN, NUMBER, STRING, LIST, MAP)
KEY = of_types(STRING)


def exactly(value: Json) -> Bounds:
    """This value and no other."""
    match value:
        case None:
            return NOTHING
        case bool():
            return Bounds(frozenset({BOOLEAN}), only=(value,))
        case int() | float():
            return Bounds(frozenset({NUMBER}), double(value), double(value), only=(value,))
        case str():
            return Bounds(frozenset({STRING}), only=(value,))
        case _:
            return Bounds(frozenset({LIST if isinstance(value, list | tuple) else MAP}), only=(value,))


def either(left: Bounds, right: Bounds) -> Bounds:
    """What one or the other can be."""
    least, greatest = min(left.least, right.least), max(left.greatest, right.greatest)
    return Bounds(left.types | right.types, least, greatest, left.only if left == right else None)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of the objects: the rule's, and what its variables can be."""

    rule: ir.Rule
    kind: ir.Kind
    bound: Mapping[str, Bounds]

    def bind(self, **bound: Bounds) -> Scope:
        return replace(self, bound={**self.bound, **bound})


def bounds(value: ir.Value, scope: Scope) -> Bounds:
    """What the value can be, over all objects of the kind that a case may hold."""
    match value:
        case ir.Const(constant):
            return exactly(list(constant) if isinstance(constant, tuple) else constant)
        case ir.Obj():
            return of_types(MAP)
        case ir.Old():
            return _old(scope.rule.operations)
        case ir.Var(name):
            return scope.bound[name]
        case ir.Get(base, key):
            return _get(value, bounds(base, scope), key, scope)
        case ir.Default(inner, fallback):
            return _default(bounds(inner, scope), bounds(fallback, scope))
        case ir.Percent(inner):
            found = bounds(inner, scope)
            return Bounds(frozenset({NULL, NUMBER}), 0, 9999) if found.may_be(STRING) else NOTHING
        case ir.Known():
            return of_types(LIST)
        case ir.Scaled():
            return Bounds(frozenset({NULL, NUMBER}))
        case ir.UrlPort():
            return Bounds(frozenset({NULL, NUMBER}), 0, 99999)
        case ir.Seconds():
            return Bounds(frozenset({NULL, NUMBER}), 0)
        case ir.Len(inner):
            return _length(bounds(inner, scope))
        case ir.Count(items, _, _):
            return exactly(0) if filled(items, scope) is False else Bounds(frozenset({NUMBER}), 0)
        case ir.Flag(items, _, _):
            return NOTHING if filled(items, scope) is False else of_types(NULL, STRING)
        case ir.Param() | ir.PodSpec() | ir.PodMeta():
            raise AssertionError("the rule is lowered")
        case _:
            assert_never(value)


def _old(operations: tuple[ir.Operation, ...]) -> Bounds:
    if ir.Operation.UPDATE not in operations and ir.Operation.DELETE not in operations:
        return NOTHING
    return of_types(NULL, MAP) if ir.Operation.CREATE in operations else of_types(MAP)


def _get(value: ir.Get, base: Bounds, key: str | ir.Param, scope: Scope) -> Bounds:
    """Every object has its identity: `apiVersion`, `kind`, and metadata with a name."""
    if not base.may_be(MAP):
        return NOTHING
    metadata = ir.Get(ir.Obj(), "metadata")
    match value:
        case ir.Get(ir.Obj(), "apiVersion"):
            return exactly(scope.kind.api_version)
        case ir.Get(ir.Obj(), "kind"):
            return exactly(scope.kind.kind)
        case ir.Get(ir.Obj(), "metadata"):
            return of_types(MAP)
        case ir.Get(above, "name") if above == metadata:
            return of_types(STRING)
        case ir.Get(above, "namespace") if above == metadata:
            return of_types(NULL, STRING)
        case _:
            return ANYTHING


def _default(inner: Bounds, fallback: Bounds) -> Bounds:
    if not inner.may_be(NULL):
        return inner
    if inner.must_be(NULL):
        return fallback
    return either(replace(inner, types=inner.types - {NULL}), fallback)


def _length(inner: Bounds) -> Bounds:
    if not inner.may_be(STRING, LIST, MAP):
        return NOTHING
    types = {NUMBER} if inner.must_be(STRING, LIST, MAP) else {NUMBER, NULL}
    return Bounds(frozenset(types), 0)


def filled(items: ir.Items, scope: Scope) -> bool | None:
    """Whether the list surely has elements, or surely has none; None if it can be either."""
    match items:
        case ir.Elems(value):
            found = bounds(value, scope)
            if found.only is not None:
                return bool(elems(found.only[0]))
            return None if found.may_be(LIST) else False
        case ir.Concat(parts):
            each = [filled(part, scope) for part in parts]
            return True if True in each else (None if None in each else False)
        case _:
            assert_never(items)


def element(items: ir.Items, scope: Scope) -> Bounds:
    """What an element of the list can be."""
    match items:
        case ir.Elems(ir.Known()):
            return of_types(MAP)
        case ir.Elems(value):
            found = bounds(value, scope)
            constants = [exactly(each) for each in elems(found.only[0])] if found.only is not None else [ELEMENT]
        case ir.Concat(parts):
            constants = [element(part, scope) for part in parts]
        case _:
            assert_never(items)
    joined = constants[0] if constants else ELEMENT
    for each in constants[1:]:
        joined = either(joined, each)
    return joined
