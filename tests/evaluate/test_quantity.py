"""Quantities read as k8s.io/apimachinery reads them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.values import Json


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1", 1),
        ("100m", Fraction(1, 10)),
        ("1Gi", 2**30),
        ("1024Mi", 2**30),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1E", 10**18),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("+1k", 1000),
        ("-1", -1),
        ("007", 7),
        (0.1, Fraction(1, 10)),
        (3, 3),
        (1e21, 10**21),
        ("0.1n", Fraction(1, 10**9)),
        ("-0.1n", Fraction(-1, 10**9)),
        ("8Ei", 2**63 - 1),
        ("9E", 9 * 10**18),
        ("1e30", 10**30),
        ("1" + "0" * 30, 10**30),
        ("1" + "0" * 999, 10**999),
        ("0." + "0" * 5000 + "1", Fraction(1, 10**9)),
        ("9Ei", 2**63 - 1),
        ("-9Ei", 1 - 2**63),
        ("0.1234567891", Fraction(123456790, 10**9)),
    ],
)
def test_a_quantity_has_its_amount(text: Json, amount: Fraction | int) -> None:
    assert quantity(text) == amount


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1K", "1gi", "1h", "1_0", "1e", "1e100", "e3", ".", "1\n", "٣", True, None, [], {}, "0x1"]
)
def test_anything_else_is_no_quantity(text: Json) -> None:
    assert quantity(text) is None


def test_a_million_digits_cost_nothing_and_still_compare() -> None:
    huge, small = quantity("1" * 1_000_000), quantity("-" + "1" * 1_000_000 + "Gi")
    assert huge is not None
    assert small is not None
    assert huge > 10**999 > 0 > small
    assert quantity("0" * 1_000_000 + "1.5" + "0" * 1_000_000) == Fraction(3, 2)


def test_a_text_of_a_million_digits_is_read_or_refused_at_once() -> None:
    # Backtracking over all ways to cut the digits in two would take days.
    assert quantity("1" * 10**6 + "x") is None
    assert quantity("1" * 10**6 + "." + "1" * 10**6 + "x") is None
