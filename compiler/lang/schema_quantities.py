"""JSON Schemas of comparisons with a Kubernetes quantity, on keywords of an engine that read quantities."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.quantity import PATTERN, quantity
from cmpolicy.lang.schema_tests import NotSayable
from cmpolicy.lang.schema_text import NOTHING, Schema
from cmpolicy.values import Json


@dataclass(frozen=True, slots=True)
class QuantityKeywords:
    """Keywords that bound a str, which must be a quantity, from below and above, both inclusive.

    They compare doubles, which tell quantities below `limit` apart down to nano; larger bounds are not expressible.
    """

    minimum: str
    maximum: str
    limit: int = 2**22


DEFINITIONS: dict[str, Schema] = {
    "quantity": {
        "anyOf": [
            {"type": "string", "pattern": PATTERN},
            {"const": 0},
            {"type": "number", "minimum": 1e-99, "exclusiveMaximum": 1e100},
            {"type": "number", "maximum": -1e-99, "exclusiveMinimum": -1e100},
        ]
    }
}
"""What schemas here refer to. A number is a quantity if its text is one, which has two digits of exponent at most."""

_NANO = 10**9


def quantities_that(order: ir.Order, bound: ir.Constant, keywords: QuantityKeywords | None) -> Schema:
    """The strings and numbers that are quantities in this order to the bound."""
    exact = None if isinstance(bound, tuple) else quantity(bound)
    if isinstance(bound, tuple) or exact is None:
        return NOTHING
    if keywords is None or abs(exact) >= keywords.limit:
        raise NotSayable("compares quantities so large that doubles cannot tell them apart")
    text = bound if isinstance(bound, str) else repr(float(bound))
    numbers: Schema = {"type": "number", **_numbers(order, exact)}
    strings: Schema = {"type": "string", **_strings(order, text, keywords)}
    # the keywords fail on what is no quantity, so they stand where only quantities arrive
    return {"if": {"$ref": "#/definitions/quantity"}, "then": {"anyOf": [numbers, strings]}, "else": NOTHING}


def _strings(order: ir.Order, bound: str, keywords: QuantityKeywords) -> Schema:
    match order:
        case ir.Order.LESS:
            return {"not": {keywords.minimum: bound}}
        case ir.Order.AT_MOST:
            return {keywords.maximum: bound}
        case ir.Order.GREATER:
            return {"not": {keywords.maximum: bound}}
        case ir.Order.AT_LEAST:
            return {keywords.minimum: bound}
        case _:
            assert_never(order)


def _numbers(order: ir.Order, bound: Fraction) -> Schema:
    """Bounds for a number that is rounded away from zero to whole nanos before it is compared."""
    step = Fraction(1, _NANO)
    match order:
        case ir.Order.LESS:
            return {"maximum": _plain(bound - step)} if bound > 0 else {"exclusiveMaximum": _plain(bound)}
        case ir.Order.AT_MOST:
            return {"maximum": _plain(bound)} if bound >= 0 else {"exclusiveMaximum": _plain(bound + step)}
        case ir.Order.GREATER:
            return {"exclusiveMinimum": _plain(bound)} if bound >= 0 else {"minimum": _plain(bound + step)}
        case ir.Order.AT_LEAST:
            return {"exclusiveMinimum": _plain(bound - step)} if bound > 0 else {"minimum": _plain(bound)}
        case _:
            assert_never(order)


def _plain(number: Fraction) -> Json:
    return int(number) if number.denominator == 1 else float(number)
