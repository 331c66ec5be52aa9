"""Which tests of one value can be true together: every value there is, sorted into regions whose values pass the same tests.

The regions of a value are made from the constants that it is tested against: each constant, the gaps between them, and
the types. They are never too few: where one would have to know more, as of patterns, a test is left free in a region.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import floor
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.diff.texts import texts_agree
from cmpolicy.evaluate.closures import FIRST_VARIABLE, OfCondition, condition_closure
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.values import Json

Unary: TypeAlias = ir.Exists | ir.IsType | ir.Eq | ir.In | ir.Compare | ir.CompareQuantity | ir.Text | ir.Matches
Wanted: TypeAlias = Mapping[Unary, bool]
"""Tests of one value, and what they are to be."""


class Sort(StrEnum):
    """What kind of value a region holds; a whole number is of magnitude at most 2^53, as in `IsType`."""

    NULL = "null"
    BOOLEAN = "boolean"
    WHOLE = "whole"
    BROKEN = "broken"
    HUGE = "huge"
    TEXT = "text"
    LIST = "list"
    MAP = "map"


NUMBERS = frozenset({Sort.WHOLE, Sort.BROKEN, Sort.HUGE})
ANY = frozenset(Sort)
_TYPES: Mapping[ir.ValueType, frozenset[Sort]] = {
    ir.ValueType.BOOLEAN: frozenset({Sort.BOOLEAN}),
    ir.ValueType.NUMBER: NUMBERS,
    ir.ValueType.INTEGER: frozenset({Sort.WHOLE}),
    ir.ValueType.STRING: frozenset({Sort.TEXT}),
    ir.ValueType.LIST: frozenset({Sort.LIST}),
    ir.ValueType.MAP: frozenset({Sort.MAP}),
}
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers between two constants, both left out; None is no limit."""

    low: Fraction | None
    high: Fraction | None

    @property
    def middle(self) -> Fraction:
        if self.low is None or self.high is None:
            return (
                Fraction(0)
                if self.low == self.high
                else (self.low or Fraction(0)) + (self.high or Fraction(0)) + self._step
            )
        return (self.low + self.high) / 2

    @property
    def _step(self) -> int:
        return -1 if self.low is None else 1

    @property
    def holds_whole(self) -> bool:
        """Whether an integer lies in it."""
        return self.low is None or self.high is None or floor(self.low) + 1 < self.high

    @property
    def holds_natural(self) -> bool:
        """Whether an integer from 0 on lies in it."""
        return self.holds_whole and (self.high is None or self.high > 0)


@dataclass(frozen=True, slots=True)
class Region:
    """Values of a sort that pass the same tests: one value if `value` is given, else the rest of their kind.

    `gap` is where numbers lie, and `amount` where the quantities lie that the values are; None is no quantity.
    """

    sort: Sort
    value: tuple[Json] | None = None
    gap: Gap | None = None
    amount: Fraction | None = None

    @property
    def natural(self) -> bool:
        """Whether an integer from 0 on is among the values."""
        if self.sort is not Sort.WHOLE:
            return False
        match self.value:
            case (int() | float() as number,):
                return number >= 0
            case _:
                return self.gap is None or self.gap.holds_natural


def possible(wanted: Wanted, sorts: frozenset[Sort] = ANY, *, natural: bool = False) -> frozenset[Sort]:
    """The sorts of a value, among these, that passes the tests as wanted; with `natural` its numbers are integers from 0 on.

    Empty if no value does. It may name sorts of which none does, and never leaves one out.
    """
    found = (region for region in _regions(frozenset(wanted)) if region.sort in sorts)
    kept = [region for region in found if not natural or region.sort not in NUMBERS or region.natural]
    agreeing = (region for region in kept if all(_is(test, region) in (None, value) for test, value in wanted.items()))
    return frozenset(
        region.sort for region in agreeing if region.sort is not Sort.TEXT or texts_agree(wanted, region.value)
    )


@cache
def _regions(tests: frozenset[Unary]) -> tuple[Region, ...]:
    constants = [constant for test in tests for constant in _constants(test)]
    amounts = _amounts(tests)
    return (
        Region(Sort.NULL, (None,)),
        Region(Sort.BOOLEAN, (True,)),
        Region(Sort.BOOLEAN, (False,)),
        Region(Sort.LIST, ([],)),
        Region(Sort.MAP, ({},)),
        *_number_regions([each for each in constants if _is_number(each)], amounts),
        *(Region(Sort.TEXT, (each,)) for each in sorted({each for each in constants if isinstance(each, str)})),
        *(Region(Sort.TEXT, amount=amount) for amount in amounts),
    )


def _number_regions(constants: Sequence[ir.Scalar], amounts: Sequence[Fraction | None]) -> Iterator[Region]:
    numbers = {Fraction(each): each for each in constants if not isinstance(each, str)}
    for number in sorted(numbers):
        whole = number.denominator == 1
        sort = (Sort.WHOLE if abs(number) <= _LARGEST else Sort.HUGE) if whole else Sort.BROKEN
        yield Region(sort, (numbers[number],))
    limits = [None, *sorted(numbers), None]
    gaps = [Gap(low, high) for low, high in itertools.pairwise(limits)]
    for gap in gaps:
        sorts = [Sort.BROKEN, Sort.HUGE, *([Sort.WHOLE] if gap.holds_whole else [])]
        yield from (Region(sort, None, gap, amount) for sort in sorts for amount in amounts)


def _constants(test: Unary) -> Sequence[ir.Scalar]:
    match test:
        case ir.Eq(_, ir.Const(constant)) | ir.Compare(_, _, ir.Const(constant)):
            return () if isinstance(constant, tuple) else (constant,)
        case ir.In(_, ir.Const(tuple(options))):
            return options
        case _:
            return ()


def _amounts(tests: frozenset[Unary]) -> list[Fraction | None]:
    """A quantity of each region: those compared with, one in each gap, and None for what is no quantity."""
    bounds = {_bound(test) for test in tests if isinstance(test, ir.CompareQuantity)}
    known = sorted(bound for bound in bounds if bound is not None)
    if not known:
        return [None] if not bounds else [None, Fraction(0)]
    between = [(low + high) / 2 for low, high in itertools.pairwise(known)]
    return [None, known[0] - 1, *known, *between, known[-1] + 1]


def _bound(test: ir.CompareQuantity) -> Fraction | None:
    assert isinstance(test.right, ir.Const), test
    constant = test.right.value
    return None if isinstance(constant, tuple) else quantity(constant)


def _is_number(constant: ir.Scalar) -> bool:
    return isinstance(constant, int | float) and not isinstance(constant, bool)


def _is(test: Unary, region: Region) -> bool | None:
    """What the test is of the region's values; None if it may be either."""
    if region.value is not None:
        return _holds(test, region.value[0])
    match test:
        case ir.Exists():
            return True
        case ir.IsType(_, type_):
            return region.sort in _TYPES[type_]
        case ir.Eq() | ir.In():
            return False
        case ir.Compare(order, _, ir.Const(constant)):
            return _compared(order, region.gap, constant)
        case ir.CompareQuantity(order):
            bound = _bound(test)
            return bound is not None and region.amount is not None and ordered(order, region.amount, bound)
        case ir.Text() | ir.Matches():
            return None if region.sort is Sort.TEXT else False
        case ir.Compare():
            raise AssertionError("two values are compared elsewhere")
        case _:
            assert_never(test)


def _compared(order: ir.Order, gap: Gap | None, constant: ir.Constant) -> bool:
    if gap is None or isinstance(constant, str | bool | tuple):
        return False
    return ordered(order, gap.middle, Fraction(constant))


def ordered(order: ir.Order, left: Fraction, right: Fraction) -> bool:
    """Whether two numbers stand in the order."""
    match order:
        case ir.Order.LESS:
            return left < right
        case ir.Order.AT_MOST:
            return left <= right
        case ir.Order.GREATER:
            return left > right
        case ir.Order.AT_LEAST:
            return left >= right
        case _:
            assert_never(order)


def _holds(test: Unary, value: Json) -> bool:
    """What the reference says of the test where its value is this one. Lists and maps are alike to every test of one value."""
    return _closure(test)([{}, None, {}, value])


@cache
def _closure(test: Unary) -> OfCondition:
    return condition_closure(_of_variable(test), {"value": FIRST_VARIABLE})


def _of_variable(test: Unary) -> ir.Condition:
    variable = ir.Var("value")
    match test:
        case ir.Exists():
            return ir.Exists(variable)
        case ir.IsType(_, type_):
            return ir.IsType(variable, type_)
        case ir.Eq(_, right):
            return ir.Eq(variable, right)
        case ir.In(_, options):
            return ir.In(variable, options)
        case ir.Compare(order, _, right):
            return ir.Compare(order, variable, right)
        case ir.CompareQuantity(order, _, right):
            return ir.CompareQuantity(order, variable, right)
        case ir.Text(kind, _, text):
            return ir.Text(kind, variable, text)
        case ir.Matches(_, pattern):
            return ir.Matches(variable, pattern)
        case _:
            assert_never(test)
