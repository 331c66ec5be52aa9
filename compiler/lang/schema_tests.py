"""JSON Schemas of tests on one value: each refuses null, as every test of the IR is false of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeGuard, assert_never

from cmpolicy import ir
from cmpolicy.lang.digits import percent_pattern
from cmpolicy.lang.schema_text import NOT_NULL, NOTHING, NULL, Schema, any_of
from cmpolicy.regex import quote

Test: TypeAlias = ir.Exists | ir.IsType | ir.Eq | ir.In | ir.Compare | ir.CompareQuantity | ir.Text | ir.Matches
Range: TypeAlias = tuple[int, int | None]
"""Whole numbers between two ends, both included, or from one number on."""

_TYPES: dict[ir.ValueType, Schema] = {
    ir.ValueType.BOOLEAN: {"type": "boolean"},
    ir.ValueType.NUMBER: {"type": "number"},
    ir.ValueType.INTEGER: {"type": "integer", "minimum": -(2**53), "maximum": 2**53},
    ir.ValueType.STRING: {"type": "string"},
    ir.ValueType.LIST: {"type": "array"},
    ir.ValueType.MAP: {"type": "object"},
}
_BOUNDS = {
    ir.Order.LESS: "exclusiveMaximum",
    ir.Order.AT_MOST: "maximum",
    ir.Order.GREATER: "exclusiveMinimum",
    ir.Order.AT_LEAST: "minimum",
}
_MIRRORED = {
    ir.Order.LESS: ir.Order.GREATER,
    ir.Order.AT_MOST: ir.Order.AT_LEAST,
    ir.Order.GREATER: ir.Order.LESS,
    ir.Order.AT_LEAST: ir.Order.AT_MOST,
}


class NotSayable(Exception):
    """A condition has no schema; the text says what it does that a schema cannot, such as `compares two fields`."""


def turned(test: Test) -> tuple[ir.Value, Test]:
    """The value that a test looks at, and the test with that value on its left and a constant on its right."""
    match test:
        case ir.Eq(ir.Const() as left, right):
            return right, ir.Eq(right, left)
        case ir.Compare(order, ir.Const() as left, right):
            return right, ir.Compare(_MIRRORED[order], right, left)
        case ir.CompareQuantity(order, ir.Const() as left, right):
            return right, ir.CompareQuantity(_MIRRORED[order], right, left)
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            if not isinstance(right, ir.Const):
                raise NotSayable("compares two fields")
            return left, test
        case ir.Exists(value) | ir.IsType(value, _) | ir.In(value, _) | ir.Text(_, value, _) | ir.Matches(value, _):
            return value, test
        case _:
            assert_never(test)


def scalars_that(test: Test) -> Schema:
    """The values that pass a turned test, which is not of quantities."""
    match test:
        case ir.Exists():
            return NOT_NULL
        case ir.IsType(_, type_):
            return _TYPES[type_]
        case ir.Eq() | ir.In():
            return _one_of(_options(test))
        case ir.Compare(order, _, ir.Const(bound)) if is_number(bound):
            return {"type": "number", _BOUNDS[order]: bound}
        case ir.Text() | ir.Matches():
            return {"type": "string", "pattern": strings_that(test)}
        case _:
            return NOTHING


def _options(test: ir.Eq | ir.In) -> Sequence[ir.Scalar]:
    match test:
        case ir.In(_, ir.Const(tuple(options))):
            return options
        case ir.Eq(_, ir.Const(bool() | int() | float() | str() as option)):
            return [option]
        case _:
            return []


def _one_of(options: Iterable[ir.Scalar]) -> Schema:
    distinct = list({(isinstance(option, bool), option): option for option in options}.values())
    if not distinct:
        return NOTHING
    return {"const": distinct[0]} if len(distinct) == 1 else {"enum": distinct}


def strings_that(test: Test) -> str | None:
    """The pattern of the strings that pass a turned test; None if none does."""
    match test:
        case ir.Exists() | ir.IsType(_, ir.ValueType.STRING):
            return ""
        case ir.Eq() | ir.In():
            names = names_of(test)
            return f"^({'|'.join(map(quote, names))})$" if len(names) > 1 else f"^{quote(names[0])}$" if names else None
        case ir.Text(ir.TextTest.STARTS_WITH, _, ir.Const(str(text))):
            return "^" + quote(text)
        case ir.Text(ir.TextTest.ENDS_WITH, _, ir.Const(str(text))):
            return quote(text) + "$"
        case ir.Text(ir.TextTest.CONTAINS, _, ir.Const(str(text))):
            return quote(text)
        case ir.Matches(_, pattern):
            return pattern
        case ir.CompareQuantity():
            raise NotSayable("compares a key as a quantity")
        case _:
            return None


def names_of(test: ir.Eq | ir.In) -> list[str]:
    """The strings that pass a turned test of equality."""
    return list(dict.fromkeys(option for option in _options(test) if isinstance(option, str)))


def percents_that(test: Test) -> Schema:
    """The strings `n%` whose number passes a turned test."""
    patterns = [percent_pattern(low, math.inf if high is None else high) for low, high in numbers_that(test)]
    return any_of({"type": "string", "pattern": pattern} for pattern in patterns if pattern is not None)


def sizes_that(test: Test) -> Schema:
    """The strings, lists and maps whose length, nulls not counted, passes a turned test."""
    return any_of(_of_size(low, high) for low, high in numbers_that(test))


def _of_size(low: int, high: int | None) -> Schema:
    shortest: Schema = {"minLength": low} if low else {}
    longest: Schema = {} if high is None else {"maxLength": high}
    text: Schema = {"type": "string", **shortest, **longest}
    elements: Schema = {"type": "array", **elements_between(NOT_NULL, low, high)}
    return any_of([text, elements, _map_of_size(low, high)])


def _map_of_size(low: int, high: int | None) -> Schema:
    match low, high:
        case 0, None:
            return {"type": "object"}
        case 0, 0:
            return {"type": "object", "additionalProperties": NULL}
        case 1, None:
            return {"type": "object", "not": {"additionalProperties": NULL}}
        case _:
            raise NotSayable("counts the entries of a map")


def elements_between(element: Schema, low: int, high: int | None) -> Schema:
    """Keywords for lists with so many elements that are valid; anything but a list passes."""
    if high == 0:
        return {"items": {"not": element}}
    if low == 0 and high is None:
        return {}
    lowest = {} if low == 1 else {"minContains": low}
    return {"contains": element, **lowest, **({} if high is None else {"maxContains": high})}


def numbers_that(test: Test) -> list[Range]:
    """The whole numbers from 0 on that pass a turned test, in ascending order."""
    match test:
        case ir.Exists() | ir.IsType(_, ir.ValueType.NUMBER | ir.ValueType.INTEGER):
            return [(0, None)]
        case ir.Eq() | ir.In():
            numbers = {int(n) for n in _options(test) if is_number(n) and n == int(n) and n >= 0}
            return [(number, number) for number in sorted(numbers)]
        case ir.Compare(order, _, ir.Const(bound)) if is_number(bound):
            return _half_line(order, bound)
        case ir.CompareQuantity():
            raise NotSayable("compares a count as a quantity")
        case _:
            return []


def _half_line(order: ir.Order, bound: int | float) -> list[Range]:
    match order:
        case ir.Order.LESS:
            highest = math.ceil(bound) - 1
        case ir.Order.AT_MOST:
            highest = math.floor(bound)
        case ir.Order.GREATER:
            return [(max(math.floor(bound) + 1, 0), None)]
        case ir.Order.AT_LEAST:
            return [(max(math.ceil(bound), 0), None)]
        case _:
            assert_never(order)
    return [(0, highest)] if highest >= 0 else []


def outside(ranges: Sequence[Range]) -> list[Range]:
    """The whole numbers from 0 on that are in none of these ascending ranges."""
    gaps: list[Range] = []
    start = 0
    for low, high in ranges:
        if low > start:
            gaps.append((start, low - 1))
        if high is None:
            return gaps
        start = high + 1
    return [*gaps, (start, None)]


def is_number(value: ir.Constant) -> TypeGuard[int | float]:
    """Whether a constant is a num; a bool is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)
