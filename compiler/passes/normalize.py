"""Bring conditions into one plain shape. Every function here keeps the verdict of every object."""

from __future__ import annotations

from collections.abc import Iterable
from operator import is_
from typing import assert_never

from cmpolicy import ir
from cmpolicy.passes.tree import map_rule

_FEW = 16


def normalize(rule: ir.Rule) -> ir.Rule:
    """Flatten nested `And` and `Or`, drop neutral and repeated items, fold constants and double negation."""
    return map_rule(rule, on_condition=simplify)


def simplify(condition: ir.Condition) -> ir.Condition:
    """Simplify the top of a condition whose parts are simple already: `a & (b & true)  ->  a & b`."""
    match condition:
        case ir.And(items):
            flat = [part for item in items for part in (item.items if isinstance(item, ir.And) else (item,))]
            return _joined(flat, condition, neutral=ir.TRUE, absorbing=ir.FALSE)
        case ir.Or(items):
            flat = [part for item in items for part in (item.items if isinstance(item, ir.Or) else (item,))]
            return _joined(flat, condition, neutral=ir.FALSE, absorbing=ir.TRUE)
        case ir.Not(ir.Bool(value)):
            return ir.Bool(not value)
        case ir.Not(ir.Not(inner)):
            return inner
        case ir.Any(_, _, ir.Bool(False)) | ir.AnyEntry(_, _, _, ir.Bool(False)):
            return ir.FALSE
        case ir.All(_, _, ir.Bool(True)) | ir.AllEntry(_, _, _, ir.Bool(True)):
            return ir.TRUE
        case _:
            return condition


def _joined(parts: list[ir.Condition], whole: ir.And | ir.Or, neutral: ir.Bool, absorbing: ir.Bool) -> ir.Condition:
    if any(isinstance(part, ir.Bool) for part in parts):
        if absorbing in parts:
            return absorbing
        parts = [part for part in parts if part != neutral]
    kept = tuple(_distinct(parts))
    match kept:
        case ():
            return neutral
        case (only,):
            return only
        case _:
            return _with_items(whole, kept)


def _with_items(whole: ir.And | ir.Or, items: tuple[ir.Condition, ...]) -> ir.And | ir.Or:
    """This conjunction or disjunction of other items; itself if they are its own, so that it stays remembered."""
    is_same = len(items) == len(whole.items) and all(map(is_, items, whole.items))
    return whole if is_same else type(whole)(items)


def _distinct(parts: list[ir.Condition]) -> Iterable[ir.Condition]:
    """The parts without repetitions; of a few, comparing them takes less time than hashing all that is below them."""
    if len(parts) > _FEW:
        return dict.fromkeys(parts)
    distinct: list[ir.Condition] = []
    for part in parts:
        if part not in distinct:
            distinct.append(part)
    return distinct


def to_nnf(condition: ir.Condition) -> ir.Condition:
    """Negation normal form: `Not` stands only on conditions without parts: `!(a & any(x, p))  ->  !a | all(x, !p)`."""
    return _nnf(condition, positive=True)


def _nnf(condition: ir.Condition, positive: bool) -> ir.Condition:
    match condition:
        case ir.Not(inner):
            return _nnf(inner, not positive)
        case ir.Bool(value):
            return ir.Bool(value is positive)
        case ir.And(items):
            parts = tuple(_nnf(item, positive) for item in items)
            return _with_items(condition, parts) if positive else ir.Or(parts)
        case ir.Or(items):
            parts = tuple(_nnf(item, positive) for item in items)
            return _with_items(condition, parts) if positive else ir.And(parts)
        case ir.Any(items, var, inner):
            return (ir.Any if positive else ir.All)(items, var, _nnf(inner, positive))
        case ir.All(items, var, inner):
            return (ir.All if positive else ir.Any)(items, var, _nnf(inner, positive))
        case ir.AnyEntry(value, key, var, inner):
            return (ir.AnyEntry if positive else ir.AllEntry)(value, key, var, _nnf(inner, positive))
        case ir.AllEntry(value, key, var, inner):
            return (ir.AllEntry if positive else ir.AnyEntry)(value, key, var, _nnf(inner, positive))
        case (
            ir.Exists()
            | ir.IsType()
            | ir.Eq()
            | ir.In()
            | ir.Compare()
            | ir.CompareQuantity()
            | ir.Text()
            | ir.Matches()
        ):
            return condition if positive else ir.Not(condition)
        case _:
            assert_never(condition)
