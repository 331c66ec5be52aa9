"""The one spelling that an API server gives a quantity: `1000m` and `1.0` are `1`, `1024Mi` is `1Gi`."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from cmpolicy.evaluate.quantity import quantity
from cmpolicy.values import Json

_DECIMAL = {-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_EXPONENTS = {suffix: exponent for exponent, suffix in _DECIMAL.items()}
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_PARTS = re.compile(r"[+-]?0*([0-9]*)\.?([0-9]*)([A-Za-z]*[+-]?[0-9]*)", re.ASCII)
_WITH_EXPONENT = re.compile("[eE][+-]?[0-9]+$")
_MOST_DIGITS = 18
_NANO, _MILLI = -9, -3


def spelled(value: Json) -> Json:
    """The quantity as the server writes it; a value that is none as it is."""
    return _spelled(value, _NANO)


def spelled_in_list(value: Json) -> Json:
    """The same for an amount of a resource, which is rounded up to thousandths."""
    return _spelled(value, _MILLI)


def _spelled(value: Json, finest: int) -> Json:
    """`finest` is the power of ten that it is rounded up to."""
    given = value.strip() if isinstance(value, str) else _number_text(value)
    amount = quantity(given)
    if amount is None or _is_left(given, finest):
        return value if amount is None else given
    unit = Fraction(10) ** finest
    return _canonical(math.ceil(amount / unit) * unit, given)


def _number_text(value: Json) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole and isinstance(value, float) else str(value)


def _is_left(given: str, finest: int) -> bool:
    """Whether the server takes the text for the one spelling, at a quick look: `ParseQuantity` of k8s.io/apimachinery."""
    found = _PARTS.fullmatch(given)
    assert found is not None, given
    whole, decimals, suffix = found.groups()
    digits = (whole or "0") + decimals
    if suffix in _BINARY[1:]:
        most_digits = 14 - 3 * _BINARY.index(suffix)
        return not decimals and len(digits) <= most_digits and int(digits) % 8 != 0
    exponent = _EXPONENTS[suffix] if suffix in _EXPONENTS else int(suffix[1:])
    scale = exponent - len(decimals)
    is_short = len(digits) <= _MOST_DIGITS and scale >= finest
    return is_short and scale % 3 == 0 and not digits.endswith("000") and not digits.startswith("0")


def _canonical(amount: Fraction, given: str) -> str:
    """Binary suffixes stay binary where that is exact and not below 1024, an exponent stays one."""
    if amount == 0:
        return "0"
    if given.endswith("i") and amount.denominator == 1 and abs(amount) >= 1024:
        return _binary(int(amount))
    number, exponent = _decimal(amount)
    if _WITH_EXPONENT.search(given):
        return f"{number}e{exponent}" if exponent else str(number)
    return f"{number}{_DECIMAL.get(exponent, '')}"


def _binary(number: int) -> str:
    power = 0
    while number % 1024 == 0 and power < len(_BINARY) - 1:
        number, power = number // 1024, power + 1
    return f"{number}{_BINARY[power]}"


def _decimal(amount: Fraction) -> tuple[int, int]:
    """The smallest whole number, and the power of ten that it is to be multiplied with, a multiple of three."""
    number, exponent = int(amount * 10**9), _NANO
    while number % 1000 == 0:
        number, exponent = number // 1000, exponent + 3
    return number, exponent
