"""Which tests of two values against each other can be true together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.diff.regions import ANY, NUMBERS, Sort, Unary, ordered

Pair: TypeAlias = tuple[ir.Value, ir.Value]

_SCALARS = ANY - {Sort.NULL, Sort.LIST, Sort.MAP}
_APART: tuple[int | None, ...] = (-1, 0, 1, None)
"""How two values stand to each other: by how much the first is the greater; None if they are not both numbers."""


def pair_of(test: Unary) -> Pair | None:
    """The two values that a test compares; None if it tests one against constants."""
    if isinstance(test, ir.Eq | ir.Compare | ir.CompareQuantity) and not isinstance(test.right, ir.Const):
        return test.left, test.right
    return None


def pairs_agree(wanted: Mapping[Unary, bool]) -> bool:
    """Whether two values can pass all these tests of the pair that they are, as wanted."""
    amounts = [test for test in wanted if isinstance(test, ir.CompareQuantity)]
    others = [test for test in wanted if not isinstance(test, ir.CompareQuantity)]
    return all(
        any(all(_may_be(test, apart, wanted[test]) for test in tests) for apart in _APART)
        for tests in (amounts, others)
    )


def _may_be(test: Unary, apart: int | None, wanted: bool) -> bool:
    match test:
        case ir.Compare(order) | ir.CompareQuantity(order):
            return (apart is not None and ordered(order, Fraction(apart), Fraction(0))) is wanted
        case ir.Eq():
            # Two values that are not both numbers may be equal or not.
            return apart is None or (apart == 0) is wanted
        case ir.Exists() | ir.IsType() | ir.In() | ir.Text() | ir.Matches():
            raise AssertionError(f"{test} tests one value")
        case _:
            assert_never(test)


def operand_sorts(wanted: Mapping[Unary, bool]) -> frozenset[Sort]:
    """The sorts that both values must be of for the tests that are to be true."""
    sorts = ANY
    for test, value in wanted.items():
        match test:
            case ir.Compare() if value:
                sorts &= NUMBERS
            case ir.CompareQuantity() if value:
                sorts &= NUMBERS | {Sort.TEXT}
            case ir.Eq() if value:
                sorts &= _SCALARS
            case _:
                pass
    return sorts
