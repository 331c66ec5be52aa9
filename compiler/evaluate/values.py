"""Total readings of JSON values: what the IR's nodes mean, one function each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, TypeGuard, assert_never

from cmpolicy import ir
from cmpolicy.values import Json

LARGEST_TOTAL = 2**31 - 1
URL = r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/.*)?$"
"""What `ir.UrlPort` takes for a URL."""
_URL = re.compile(URL.replace("$", r"\Z"), re.ASCII)
_AMOUNT = r"[0-9]{1,6}(\.[0-9]{1,3})?"
DURATION = f"^({_AMOUNT}h({_AMOUNT}m)?({_AMOUNT}s)?|{_AMOUNT}m({_AMOUNT}s)?|{_AMOUNT}s)$"
"""What `ir.Seconds` takes for a duration."""
_DURATION = re.compile(DURATION.replace("$", r"\Z"), re.ASCII)
_UNITS = {"h": 3600, "m": 60, "s": 1}
_PERCENT = re.compile(r"([0-9]{1,4})%\Z", re.ASCII)
_Number: TypeAlias = int | float  # made once: this is asked of every number of every object


def is_number(value: Json) -> TypeGuard[int | float]:
    """Whether it is a num; a bool is not."""
    return isinstance(value, _Number) and not isinstance(value, bool)


def double(value: int | float) -> float:
    """The IEEE double of a num; an int beyond its range is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    """Whether it is a list; a str is not."""
    return isinstance(value, list)


def get(value: Json, key: str) -> Json:
    """`ir.Get`"""
    if isinstance(value, dict):  # asking for a Mapping takes ten times as long
        return value.get(key)
    return value.get(key) if value is not None and isinstance(value, Mapping) else None


def elems(value: Json) -> list[Json]:
    """`ir.Elems`"""
    return [element for element in value if element is not None] if isinstance(value, list) else []


def entries(value: Json) -> list[tuple[str, Json]]:
    """The entries of a map with a non-null value, by key."""
    return sorted((k, v) for k, v in value.items() if v is not None) if isinstance(value, Mapping) else []


def percent(value: Json) -> Json:
    """`ir.Percent`"""
    found = _PERCENT.match(value) if isinstance(value, str) else None
    return int(found[1]) if found else None


def scaled(value: Json, total: Json, up: bool) -> Json:
    """`ir.Scaled`"""
    if is_type(value, ir.ValueType.INTEGER):
        return value
    hundredths = percent(value)
    if not isinstance(hundredths, int) or not is_type(total, ir.ValueType.INTEGER) or not is_number(total):
        return None
    return (hundredths * int(total) + (99 if up else 0)) // 100 if 0 <= total <= LARGEST_TOTAL else None


def url_port(value: Json) -> Json:
    """`ir.UrlPort`"""
    found = _URL.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    usual = 443 if found[0].startswith("https") else 80
    return int(found[2][1:]) if found[2] else usual


def seconds(value: Json) -> Json:
    """`ir.Seconds`"""
    if not isinstance(value, str) or not _DURATION.match(value):
        return None
    return int(sum(Decimal(amount) * _UNITS[unit] for amount, unit in re.findall(r"([0-9.]+)([hms])", value)))


def length(value: Json) -> Json:
    """`ir.Len`"""
    if isinstance(value, str):
        return len(value)
    if is_list(value):
        return len(elems(value))
    return sum(v is not None for v in value.values()) if isinstance(value, Mapping) else None


def flag(arguments: Sequence[Json], name: str, switch: bool) -> Json:
    """`ir.Flag`"""
    bare, prefix = f"--{name}", f"--{name}="
    for index in range(len(arguments) - 1, -1, -1):
        argument = arguments[index]
        if argument == bare:
            following = arguments[index + 1] if index + 1 < len(arguments) else None
            return "true" if switch else (following if isinstance(following, str) else None)
        if isinstance(argument, str) and argument.startswith(prefix):
            return argument[len(prefix) :]
    return None


def equal(left: Json, right: Json) -> bool:
    """`ir.Eq`"""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str):
        return isinstance(right, str) and left == right
    return is_number(left) and is_number(right) and double(left) == double(right)


def is_type(value: Json, type_: ir.ValueType) -> bool:
    """`ir.IsType`"""
    match type_:
        case ir.ValueType.BOOLEAN:
            return isinstance(value, bool)
        case ir.ValueType.NUMBER:
            return is_number(value)
        case ir.ValueType.INTEGER:
            return is_number(value) and abs(double(value)) <= 2**53 and value == int(value)
        case ir.ValueType.STRING:
            return isinstance(value, str)
        case ir.ValueType.LIST:
            return is_list(value)
        case ir.ValueType.MAP:
            return isinstance(value, Mapping)
        case _:
            assert_never(type_)


def text_test(test: ir.TextTest) -> Callable[[str, str], bool]:
    """The function of a string test: the string, then what is looked for."""
    match test:
        case ir.TextTest.STARTS_WITH:
            return str.startswith
        case ir.TextTest.ENDS_WITH:
            return str.endswith
        case ir.TextTest.CONTAINS:
            return str.__contains__
        case _:
            assert_never(test)
