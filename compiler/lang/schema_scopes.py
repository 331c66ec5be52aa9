"""Rewrite conditions so that each quantifier speaks of its own element alone, as a schema below `items` must.

    any(x in a: x.b & c)                        ->  c & any(x in a: x.b)
    x.a.default(c) == 1                         ->  x.a == 1 | !exists(x.a) & c == 1
    any(x in a + b: p)                          ->  any(x in a: p) | any(x in b: p)
    all(k in ["A", "B"]: any(x in a: x == k))   ->  any(x in a: x == "A") & any(x in a: x == "B")

Every function keeps the verdict of every object. What relates two scopes for good, such as a name that is looked up in
another list, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeGuard, TypeVar

from cmpolicy import ir
from cmpolicy.evaluate.closures import FIRST_VARIABLE, condition_closure, items_closure
from cmpolicy.lang.scopes import free
from cmpolicy.passes.normalize import simplify, to_nnf
from cmpolicy.passes.tree import children, is_field, map_condition, same_condition, same_value, walk

_Part = TypeVar("_Part", ir.Default, ir.Count)
_Joining = TypeVar("_Joining", ir.And, ir.Or)

Scoped: TypeAlias = Callable[[ir.Condition], ir.Condition]
"""A condition with a hole where the body of one of its quantifiers stood."""

_Several: TypeAlias = ir.And | ir.Or
_Joint: TypeAlias = ir.Bool | _Several | ir.Not

MAX_LIFTED = 6
"""How many parts are lifted out of one body at most: each may double the condition."""


def separate_scopes(condition: ir.Condition) -> ir.Condition:
    """The condition in negation normal form, over one list at a time, with scopes separated as far as they can be."""
    return to_nnf(_separate_all(condition))


def _separate_all(condition: ir.Condition) -> ir.Condition:
    return map_condition(condition, same_value, _separate)


def _separate(condition: ir.Condition) -> ir.Condition:
    if isinstance(condition, _Joint):
        return simplify(condition)
    if not free(condition):
        return ir.Bool(condition_closure(condition, {})([None] * (FIRST_VARIABLE + len(list(walk(condition))))))
    default = next(_parts_of(condition, ir.Default), None)
    if default is not None:
        return _without_default(condition, default)
    match condition:
        case ir.Any(ir.Concat(parts), var, body):
            return simplify(ir.Or(tuple(_separate(ir.Any(part, var, body)) for part in parts)))
        case ir.All(ir.Concat(parts), var, body):
            return simplify(ir.And(tuple(_separate(ir.All(part, var, body)) for part in parts)))
        case ir.Any(items, var, body) if not free(items):
            return _separate_all(ir.Or(_unrolled(items, var, body)))
        case ir.All(items, var, body) if not free(items):
            return _separate_all(ir.And(_unrolled(items, var, body)))
        case ir.Any(items, var, body):
            return _lift_each(lambda inner: ir.Any(items, var, inner), ir.Or, to_nnf(body), var)
        case ir.All(items, var, body):
            return _lift_each(lambda inner: ir.All(items, var, inner), ir.And, to_nnf(body), var)
        case ir.AnyEntry(value, key, var, body):
            return _lift(lambda inner: ir.AnyEntry(value, key, var, inner), to_nnf(body), key, var)
        case ir.AllEntry(value, key, var, body):
            return _lift(lambda inner: ir.AllEntry(value, key, var, inner), to_nnf(body), key, var)
        case _:
            return _separate_counts(condition)


def _parts_of(node: ir.Node, wanted: type[_Part]) -> Iterator[_Part]:
    """The values of this type in the node, not looking into conditions below it; the outermost only."""
    for child in children(node):
        if isinstance(child, wanted):
            yield child
        elif not (is_field(child) or isinstance(child, ir.Condition)):
            yield from _parts_of(child, wanted)


def _without_default(condition: ir.Condition, default: ir.Default) -> ir.Condition:
    exists = ir.Exists(default.value)
    given = _with_value(condition, default, default.value)
    fallback = ir.And((ir.Not(exists), _with_value(condition, default, default.fallback)))
    false_on_null = not isinstance(condition, ir.All | ir.AllEntry) and not list(_parts_of(condition, ir.Count))
    return _separate_all(ir.Or((given if false_on_null else ir.And((exists, given)), fallback)))


def _with_value(condition: ir.Condition, old: ir.Value, new: ir.Value) -> ir.Condition:
    return map_condition(condition, lambda value: new if value == old else value, same_condition)


def _unrolled(items: ir.Items, var: str, body: ir.Condition) -> tuple[ir.Condition, ...]:
    elements = items_closure(items, {})([None] * FIRST_VARIABLE)
    return tuple(_with_value(body, ir.Var(var), ir.Const(element)) for element in elements if _is_scalar(element))


def _is_scalar(value: object) -> TypeGuard[ir.Scalar]:
    return isinstance(value, bool | int | float | str)


def _separate_counts(condition: ir.Condition) -> ir.Condition:
    for count in _parts_of(condition, ir.Count):
        body = to_nnf(count.condition)
        if _independent(body, frozenset({ir.Var(count.var)})) is not None:
            return _lift(_counted(condition, count), body, count.var, monotone=False)
    return condition


def _counted(condition: ir.Condition, count: ir.Count) -> Scoped:
    return lambda inner: _with_value(condition, count, ir.Count(count.items, count.var, inner))


def _lift_each(scoped: Scoped, joint: type[_Joining], body: ir.Condition, var: str) -> ir.Condition:
    """`_lift` for what may be asked one by one: `all(x: p & q)` is `all(x: p) & all(x: q)`, and `any` of `|` likewise.

    Parts that read the same outside stay together. Cases then add up, where in one body they would multiply.
    """
    if not isinstance(body, joint):
        return _lift(scoped, body, var)
    together: dict[frozenset[ir.Condition], list[ir.Condition]] = {}
    for item in body.items:
        together.setdefault(frozenset(_independents(item, var)), []).append(item)
    return simplify(joint(tuple(_lift(scoped, simplify(joint(tuple(items))), var) for items in together.values())))


def _lift(
    scoped: Scoped, body: ir.Condition, *bound: str, monotone: bool = True, room: int = MAX_LIFTED
) -> ir.Condition:
    """`scoped(body)`, decided case by case by each part of the body that reads none of the bound variables.

    The body is in negation normal form.
    """
    part = _independent(body, frozenset(map(ir.Var, bound)))
    if part is None or room == 0:
        return simplify(scoped(body))
    opposite = to_nnf(ir.Not(part))

    def assuming(truth: bool) -> ir.Condition:
        facts = ((part, ir.Bool(truth)), (opposite, ir.Bool(not truth)))
        return _lift(scoped, _assume(body, facts), *bound, monotone=monotone, room=room - 1)

    # where only the part itself occurs, what holds without it holds with it too
    without = ir.TRUE if monotone and not _occurs(body, opposite) else opposite
    cases = (simplify(ir.And((part, assuming(True)))), simplify(ir.And((without, assuming(False)))))
    return simplify(ir.Or(cases))


def _independents(body: ir.Condition, bound: str) -> Iterator[ir.Condition]:
    """The largest parts of the body that do not read the bound variable."""
    if ir.Var(bound) not in free(body):
        yield body
    elif isinstance(body, _Several):
        for item in body.items:
            yield from _independents(item, bound)


def _independent(body: ir.Condition, bound: frozenset[ir.Value]) -> ir.Condition | None:
    if isinstance(body, ir.Bool):
        return None
    if free(body).isdisjoint(bound):
        return body
    items = body.items if isinstance(body, _Several) else ()
    return next((found for item in items if (found := _independent(item, bound)) is not None), None)


def _assume(condition: ir.Condition, facts: Sequence[tuple[ir.Condition, ir.Bool]]) -> ir.Condition:
    for fact, truth in facts:
        if condition == fact:
            return truth
    match condition:
        case ir.And(items):
            return simplify(ir.And(tuple(_assume(item, facts) for item in items)))
        case ir.Or(items):
            return simplify(ir.Or(tuple(_assume(item, facts) for item in items)))
        case _:
            return condition


def _occurs(body: ir.Condition, part: ir.Condition) -> bool:
    return body == part or (isinstance(body, _Several) and any(_occurs(item, part) for item in body.items))
