"""Which sides of an atom no object can show: what it reads is constant, or of a type that settles it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.closures import FIRST_VARIABLE, Slots, condition_closure
from cmpolicy.evaluate.known import NOTHING
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.generate.atoms import Aspect, Atom, Path, Quantifier
from cmpolicy.generate.bounds import (
    BOOLEAN,
    ELEMENT,
    KEY,
    MAP,
    NULL,
    NUMBER,
    STRING,
    Bounds,
    Scope,
    bounds,
    element,
    exactly,
    filled,
)
from cmpolicy.generate.probe import Test
from cmpolicy.passes.tree import children
from cmpolicy.values import JsonMap


@dataclass(frozen=True, slots=True)
class Constant:
    """An atom that is the same on every object, or never evaluated if `value` is None; and why."""

    value: bool | None
    why: str


def constant(rule: ir.Rule, kind: ir.Kind, atom: Atom) -> Constant | None:
    """Why the atom of this rule, lowered for this kind, cannot be both true and false; None if nothing tells."""
    scope, node = Scope(rule, kind, {}), (rule.when, rule.condition)[atom.path[0]]
    reached = _inside(node, atom.path[1:], scope)
    if reached is None:
        return Constant(None, "nothing for the quantifier around it to run over")
    value = _filled(atom.node, reached) if atom.aspect is Aspect.FILLED else _holds_or_none(atom.node, reached)
    return None if value is None else Constant(value, _why(atom, reached))


def masked(rule: ir.Rule, kind: ir.Kind, atom: Atom) -> bool:
    """Whether no verdict can depend on the atom, since what stands beside it settles what it is a part of."""
    if atom.path[0] == 1 and holds(rule.when, Scope(rule, kind, {})) is False:
        return True
    return _masked((rule.when, rule.condition)[atom.path[0]], atom.path[1:], Scope(rule, kind, {}))


def _masked(node: ir.Node, path: Path, scope: Scope) -> bool:
    if not path:
        return False
    if isinstance(node, ir.And | ir.Or):
        beside = (item for index, item in enumerate(node.items) if index != path[0])
        if any(holds(item, scope) is isinstance(node, ir.Or) for item in beside):
            return True
    within = _within(node, path[0], scope)
    return within is None or _masked(children(node)[path[0]], path[1:], within)


def _why(atom: Atom, scope: Scope) -> str:
    if isinstance(atom.node, Test):
        constants = all(each.only is not None for each in _operands(atom.node, scope))
        return "constants only" if constants else "the type of what it reads"
    return "a constant list, or none" if atom.aspect is Aspect.FILLED else "its elements or its condition are constant"


def _operands(test: Test, scope: Scope) -> list[Bounds]:
    match test:
        case ir.Exists(value) | ir.IsType(value, _) | ir.Matches(value, _):
            return [bounds(value, scope)]
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            return [bounds(left, scope), bounds(right, scope)]
        case ir.In(value, options):
            return [bounds(value, scope), bounds(options, scope)]
        case ir.Text(_, value, text):
            return [bounds(value, scope), bounds(text, scope)]
        case _:
            assert_never(test)


def _inside(node: ir.Node, path: Path, scope: Scope) -> Scope | None:
    """The scope at the end of the path; None if nothing is evaluated there."""
    if not path:
        return scope
    within = _within(node, path[0], scope)
    return None if within is None else _inside(children(node)[path[0]], path[1:], within)


def _within(node: ir.Node, step: int, scope: Scope) -> Scope | None:
    """The scope of a child; None if it is never evaluated."""
    return _bound(node, scope) if step == 1 and isinstance(node, Quantifier | ir.Count) else scope


def _bound(node: Quantifier | ir.Count, scope: Scope) -> Scope | None:
    match node:
        case ir.Any(items, var, _) | ir.All(items, var, _) | ir.Count(items, var, _):
            return None if filled(items, scope) is False else scope.bind(**{var: element(items, scope)})
        case ir.AnyEntry(value, key, var, _) | ir.AllEntry(value, key, var, _):
            return None if not bounds(value, scope).may_be(MAP) else scope.bind(**{key: KEY, var: ELEMENT})
        case _:
            assert_never(node)


def _filled(node: ir.Condition | ir.Count, scope: Scope) -> bool | None:
    match node:
        case ir.Any(items, _, _) | ir.All(items, _, _) | ir.Count(items, _, _):
            return filled(items, scope)
        case ir.AnyEntry(value, _, _, _) | ir.AllEntry(value, _, _, _):
            return None if bounds(value, scope).may_be(MAP) else False
        case _:
            raise AssertionError(f"{node} runs over nothing")


def _holds_or_none(node: ir.Condition | ir.Count, scope: Scope) -> bool | None:
    assert not isinstance(node, ir.Count)
    return holds(node, scope)


def holds(condition: ir.Condition, scope: Scope) -> bool | None:
    """Whether the condition is surely true, or surely false; None if nothing tells."""
    match condition:
        case ir.Bool(value):
            return value
        case ir.Not(inner):
            found = holds(inner, scope)
            return None if found is None else not found
        case ir.And(items):
            return _joined([holds(item, scope) for item in items], absorbing=False)
        case ir.Or(items):
            return _joined([holds(item, scope) for item in items], absorbing=True)
        case ir.Any() | ir.AnyEntry():
            return _quantified(condition, scope, absorbing=True)
        case ir.All() | ir.AllEntry():
            return _quantified(condition, scope, absorbing=False)
        case _:
            return _test(condition, scope)


def _joined(parts: list[bool | None], absorbing: bool) -> bool | None:
    if absorbing in parts:
        return absorbing
    return None if None in parts else not absorbing


def _quantified(quantifier: Quantifier, scope: Scope, absorbing: bool) -> bool | None:
    within = _bound(quantifier, scope)
    if within is None:
        return not absorbing
    inner = holds(quantifier.condition, within)
    if inner is absorbing:
        return absorbing if _filled(quantifier, scope) else None
    return None if inner is None else not absorbing


def _test(test: Test, scope: Scope) -> bool | None:
    operands = _operands(test, scope)
    if all(each.only is not None for each in operands):
        return _settled(test, scope)
    match test:
        case ir.Exists():
            return _of_types(operands[0], {BOOLEAN, NUMBER, STRING, "list", MAP})
        case ir.IsType(_, type_):
            named = NUMBER if type_ is ir.ValueType.INTEGER else str(type_)
            found = _of_types(operands[0], {named})
            return None if found and type_ is ir.ValueType.INTEGER else found
        case ir.Eq():
            return None if _may_equal(*operands) else False
        case ir.In(_, options):
            listed = options.value if isinstance(options, ir.Const) and isinstance(options.value, tuple) else ()
            return None if any(_may_equal(operands[0], exactly(option)) for option in listed) else False
        case ir.Compare(order, _, _):
            return _compared(order, *operands)
        case ir.CompareQuantity():
            return None if all(map(_may_be_quantity, operands)) else False
        case ir.Text() | ir.Matches():
            return None if operands[0].may_be(STRING) else False
        case _:
            assert_never(test)


def _settled(test: Test, scope: Scope) -> bool:
    """The test of constants, run on an object that has nothing but its kind."""
    slots: Slots = {var: FIRST_VARIABLE + number for number, var in enumerate(scope.bound)}
    known = [None if found.only is None else found.only[0] for found in scope.bound.values()]
    manifest: JsonMap = {"apiVersion": scope.kind.api_version, "kind": scope.kind.kind, "metadata": {}}
    test_closure = condition_closure(test, slots)
    return test_closure([manifest, None, NOTHING, *known, *([None] * (len(slots) - len(known)))])


def _of_types(found: Bounds, types: set[str]) -> bool | None:
    if found.must_be(*types):
        return True
    return None if found.may_be(*types) else False


def _may_equal(left: Bounds, right: Bounds) -> bool:
    same = (left.types & right.types) - {NULL, "list", MAP}
    if same == {NUMBER}:
        return left.least <= right.greatest and right.least <= left.greatest
    return bool(same)


def _may_be_quantity(found: Bounds) -> bool:
    if found.only is not None:
        return quantity(found.only[0]) is not None
    return found.may_be(NUMBER, STRING)


def _compared(order: ir.Order, left: Bounds, right: Bounds) -> bool | None:
    if not (left.may_be(NUMBER) and right.may_be(NUMBER)):
        return False
    if order in (ir.Order.GREATER, ir.Order.AT_LEAST):
        left, right = right, left
    strict = order in (ir.Order.LESS, ir.Order.GREATER)
    if left.least > right.greatest or (strict and left.least == right.greatest):
        return False
    surely = left.greatest < right.least or (not strict and left.greatest == right.least)
    return True if surely and left.must_be(NUMBER) and right.must_be(NUMBER) else None
