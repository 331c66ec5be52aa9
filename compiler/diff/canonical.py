"""Conditions to formulas. Every step keeps what the condition is on every object.

`all` becomes `not any not`, a joined list is taken apart, a default becomes a choice by whether its value is there, and
operands are put into one order. What reads no object is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.diff.formula import FALSE, TRUE, Formula, Pool, Test, element, key
from cmpolicy.evaluate.closures import condition_closure, value_closure
from cmpolicy.passes.tree import lists_of, map_value, same_condition

Names: TypeAlias = Mapping[str, str]
Case: TypeAlias = tuple[Formula, ir.Value]
"""A value, and when it is the one that counts. Of the cases of a value exactly one holds."""

_TURNED = {
    ir.Order.LESS: ir.Order.GREATER,
    ir.Order.AT_MOST: ir.Order.AT_LEAST,
    ir.Order.GREATER: ir.Order.LESS,
    ir.Order.AT_LEAST: ir.Order.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Canonical:
    """Makes formulas of one pool."""

    pool: Pool

    def condition(self, condition: ir.Condition, names: Names | None = None, depth: int = 0) -> Formula:
        """The formula of a condition, whose variables in scope have these canonical names."""
        names = names or {}
        match condition:
            case ir.Bool(value):
                return TRUE if value else FALSE
            case ir.And(items):
                return self.pool.every(self.condition(item, names, depth) for item in items)
            case ir.Or(items):
                return self.pool.some(self.condition(item, names, depth) for item in items)
            case ir.Not(item):
                return -self.condition(item, names, depth)
            case ir.Any(items, var, inner):
                return self._some(items, var, inner, names, depth)
            case ir.All(items, var, inner):
                return -self._some(items, var, ir.Not(inner), names, depth)
            case ir.AnyEntry():
                return self._some_entry(condition, condition.condition, names, depth)
            case ir.AllEntry():
                return -self._some_entry(condition, ir.Not(condition.condition), names, depth)
            case ir.Exists(value) | ir.IsType(value, _) | ir.Matches(value, _):
                return self._choice(self._cases(value, names, depth), lambda each: replace(condition, value=each))
            case ir.In(value, options):
                return self._choice(self._cases(value, names, depth), lambda each: _member(each, options))
            case ir.Text(_, value, _):
                return self._choice(self._cases(value, names, depth), lambda each: replace(condition, value=each))
            case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
                return self._two(condition, self._cases(left, names, depth), self._cases(right, names, depth))
            case _:
                assert_never(condition)

    def _some(self, items: ir.Items, var: str, inner: ir.Condition, names: Names, depth: int) -> Formula:
        body = self.condition(inner, {**names, var: element(depth)}, depth + 1)
        cases = [case for part in lists_of(items) for case in self._cases(part, names, depth)]
        return self.pool.some(
            self.pool.every((when, self.pool.exists(value, False, depth, body))) for when, value in cases
        )

    def _some_entry(self, whole: ir.AnyEntry | ir.AllEntry, inner: ir.Condition, names: Names, depth: int) -> Formula:
        inside = {**names, whole.key: key(depth), whole.var: element(depth)}
        body = self.condition(inner, inside, depth + 1)
        return self.pool.some(
            self.pool.every((when, self.pool.exists(value, True, depth, body)))
            for when, value in self._cases(whole.value, names, depth)
        )

    def _choice(self, cases: list[Case], test: Callable[[ir.Value], ir.Condition]) -> Formula:
        return self.pool.some(self.pool.every((when, self._test(test(value)))) for when, value in cases)

    def _two(self, test: ir.Eq | ir.Compare | ir.CompareQuantity, left: list[Case], right: list[Case]) -> Formula:
        return self.pool.some(
            self.pool.every((when, also, self._test(_ordered(replace(test, left=one, right=other)))))
            for when, one in left
            for also, other in right
        )

    def _test(self, condition: ir.Condition) -> Formula:
        match condition:
            case ir.Bool(value):
                return TRUE if value else FALSE
            case ir.Not() | ir.And() | ir.Or() | ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
                raise AssertionError("a test has no parts")
            case _:
                decided = _decided(condition)
                return self.pool.of(Test(condition)) if decided is None else decided

    def _cases(self, value: ir.Value, names: Names, depth: int) -> list[Case]:
        """The values that this one may stand for, each with the formula of when it does."""
        return [(when, _folded(each)) for when, each in self._unfolded(value, names, depth)]

    def _unfolded(self, value: ir.Value, names: Names, depth: int) -> list[Case]:
        match value:
            case ir.Default(inner, fallback):
                return list(self._defaulted(inner, fallback, names, depth))
            case ir.Var(name):
                return [(TRUE, ir.Var(names[name]))]
            case ir.Const(constant):
                return [(TRUE, ir.Const(_plain(constant)))]
            case ir.Param():
                return [(TRUE, replace(value, default=_NEUTRAL, description=""))]
            case ir.Obj() | ir.Old() | ir.PodSpec() | ir.PodMeta():
                return [(TRUE, value)]
            case ir.Known(kind, namespace):
                if namespace is None:
                    return [(TRUE, value)]
                return [(when, ir.Known(kind, each)) for when, each in self._cases(namespace, names, depth)]
            case ir.Get(base, name):
                step = replace(name, default=_NEUTRAL, description="") if isinstance(name, ir.Param) else name
                return [(when, ir.Get(each, step)) for when, each in self._cases(base, names, depth)]
            case ir.Percent(inner) | ir.UrlPort(inner) | ir.Seconds(inner) | ir.Len(inner):
                return [(when, replace(value, value=each)) for when, each in self._cases(inner, names, depth)]
            case ir.Scaled(inner, total, up):
                totals = self._cases(total, names, depth)
                return [
                    (self.pool.every((when, also)), ir.Scaled(each, whole, up))
                    for when, each in self._cases(inner, names, depth)
                    for also, whole in totals
                ]
            case ir.Count(items, var, inner):
                return [(TRUE, self._count(items, var, inner, names, depth))]
            case ir.Flag(items, name, switch):
                return [(TRUE, ir.Flag(self._items(items, names, depth), name, switch))]
            case _:
                assert_never(value)

    def _defaulted(self, inner: ir.Value, fallback: ir.Value, names: Names, depth: int) -> Iterator[Case]:
        otherwise = self._cases(fallback, names, depth)
        for when, value in self._cases(inner, names, depth):
            there = self._test(ir.Exists(value))
            yield self.pool.every((when, there)), value
            yield from ((self.pool.every((when, -there, also)), other) for also, other in otherwise)

    def _count(self, items: ir.Items, var: str, inner: ir.Condition, names: Names, depth: int) -> ir.Value:
        """The count over the list as it is; its condition is a formula, which its number stands for."""
        body = self.condition(inner, {**names, var: element(depth)}, depth + 1)
        return ir.Count(self._items(items, names, depth), element(depth), _standing_for(body))

    def _items(self, items: ir.Items, names: Names, depth: int) -> ir.Items:
        parts = tuple(ir.Elems(_with_names(part, names)) for part in lists_of(items))
        return parts[0] if len(parts) == 1 else ir.Concat(parts)


_NEUTRAL = ""
"""What stands for the default of a parameter that may be set to anything."""


def _standing_for(formula: Formula) -> ir.Condition:
    """A condition that is equal to another only if the formulas are: counts are compared as a whole, never taken apart."""
    return ir.Exists(ir.Const(formula))


def _with_names(value: ir.Value, names: Names) -> ir.Value:
    return map_value(value, lambda each: _renamed(each, names), same_condition)


def _renamed(value: ir.Value, names: Names) -> ir.Value:
    return ir.Var(names.get(value.name, value.name)) if isinstance(value, ir.Var) else value


def _plain(constant: ir.Constant) -> ir.Constant:
    """Numbers that are equal in one spelling."""
    if isinstance(constant, tuple):
        return tuple(part for each in constant if not isinstance(part := _plain(each), tuple))
    whole = isinstance(constant, float) and constant.is_integer()
    return int(constant) if whole else constant


def _member(value: ir.Value, options: ir.Const | ir.Param) -> ir.Condition:
    if isinstance(options, ir.Param) or not isinstance(options.value, tuple):
        return ir.In(value, options)
    different = {(isinstance(each, bool), isinstance(each, str), each): each for each in map(_scalar, options.value)}
    match [different[name] for name in sorted(different)]:
        case []:
            return ir.FALSE
        case [only]:
            return ir.Eq(value, ir.Const(only))
        case sorted_options:
            return ir.In(value, ir.Const(tuple(sorted_options)))


def _scalar(constant: ir.Scalar) -> ir.Scalar:
    plain = _plain(constant)
    assert not isinstance(plain, tuple)
    return plain


def _ordered(test: ir.Eq | ir.Compare | ir.CompareQuantity) -> ir.Condition:
    """A constant to the right; two values in the order of their text."""
    left, right = test.left, test.right
    if _rank(left) <= _rank(right):
        return test
    match test:
        case ir.Eq():
            return ir.Eq(right, left)
        case ir.Compare(order):
            return ir.Compare(_TURNED[order], right, left)
        case ir.CompareQuantity(order):
            return ir.CompareQuantity(_TURNED[order], right, left)


def _rank(value: ir.Value) -> tuple[bool, str]:
    return isinstance(value, ir.Const), repr(value)


def _decided(test: ir.Condition) -> Formula | None:
    """What a test of constants is; None if it reads something."""
    match test:
        case ir.Exists(value) | ir.IsType(value, _) | ir.Matches(value, _):
            operands: tuple[ir.Value, ...] = (value,)
        case ir.In(value, options):
            operands = (value, options)
        case ir.Text(_, value, text):
            operands = (value, text)
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            operands = (left, right)
        case _:
            return None
    if not all(map(_reads_nothing, operands)):
        return None
    return TRUE if condition_closure(test, {})([{}, None, {}]) else FALSE


_NOTHING = ir.Percent(ir.Const(""))
"""What stands for null where that is computed from constants."""


def _folded(value: ir.Value) -> ir.Value:
    """What is computed from constants alone as a constant, so that two ways to the same are the same."""
    if isinstance(value, ir.Const) or not _reads_nothing(value):
        return value
    found = value_closure(value, {})([{}, None, {}])
    return ir.Const(_plain(found)) if isinstance(found, bool | int | float | str) else _NOTHING


@cache
def _reads_nothing(value: ir.Value) -> bool:
    match value:
        case ir.Const():
            return True
        case ir.Get(base, str()):
            return _reads_nothing(base)
        case ir.Percent(inner) | ir.UrlPort(inner) | ir.Seconds(inner) | ir.Len(inner):
            return _reads_nothing(inner)
        case ir.Scaled(inner, total, _):
            return _reads_nothing(inner) and _reads_nothing(total)
        case _:
            return False
