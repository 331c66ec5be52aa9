"""Kubernetes quantities as exact numbers, as k8s.io/apimachinery `resource.ParseQuantity` reads them."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from cmpolicy.evaluate.values import double
from cmpolicy.values import Json

PATTERN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$"
"""The grammar of a quantity in a str; the exponent is bounded, since apimachinery wraps beyond 32 bits."""

_PARTS = re.compile(r"([+-]?)([0-9]*)\.?([0-9]*)([A-Za-z]*[+-]?[0-9]*)", re.ASCII)
# The same language as `PATTERN`, whose two runs of digits beside each other would take quadratic time here.
_GRAMMAR = re.compile(PATTERN.replace(r"[0-9]+\.?[0-9]*", r"[0-9]+(?:\.[0-9]*)?").replace("$", r"\Z"), re.ASCII)
_DECIMAL = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_NANO = 10**9
_MOST_DIGITS = 1000
"""More than any amount needs, and few enough for a str of a million digits to cost nothing."""
_LARGEST = Fraction(2**63 - 1)
"""apimachinery caps amounts with a binary suffix here, and no others."""


def quantity(value: Json) -> Fraction | None:
    """The amount of a quantity given as str or num, or None if it is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _parse(repr(double(value)))
    return _parse(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Fraction | None:
    if not _GRAMMAR.match(text):
        return None
    parts = _PARTS.fullmatch(text)
    assert parts is not None, text
    sign, whole, fraction, suffix = parts.groups()
    amount = _up_to_nano(_exact(whole, fraction) * _scale(suffix))
    if suffix in _BINARY:
        amount = min(amount, _LARGEST)
    return -amount if sign == "-" else amount


def _exact(whole: str, fraction: str) -> Fraction:
    """The decimal number, saturated at `_MOST_DIGITS`; of its decimals so many count, and whether there are more."""
    whole, more = whole.lstrip("0") or "0", fraction[_MOST_DIGITS:].strip("0")
    if len(whole) > _MOST_DIGITS:
        whole = "9" * _MOST_DIGITS
    decimals = fraction[:_MOST_DIGITS] + ("1" if more else "")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def _scale(suffix: str) -> Fraction:
    if suffix in _BINARY:
        return Fraction(2 ** _BINARY[suffix])
    return Fraction(10) ** _exponent(suffix)


def _exponent(suffix: str) -> int:
    return _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])


def _up_to_nano(amount: Fraction) -> Fraction:
    return Fraction(-((-amount.numerator * _NANO) // amount.denominator), _NANO)
