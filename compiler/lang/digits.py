"""Regular expressions of ranges of whole numbers, for languages that cannot read a number out of a string."""

from __future__ import annotations

PERCENT_DIGITS = 4


def percent_pattern(lowest: int, highest: float) -> str | None:
    """Strings `n%` of one to four digits, leading zeros allowed, with n in this range; None if there is no such n."""
    if lowest <= 0 and highest >= 10**PERCENT_DIGITS - 1:
        return f"^[0-9]{{1,{PERCENT_DIGITS}}}%$"
    parts = [part for width in range(1, PERCENT_DIGITS + 1) for part in _percents(width, lowest, highest)]
    return f"^({'|'.join(parts)})%$" if parts else None


def _percents(width: int, lowest: int, highest: float) -> list[str]:
    """Numbers of exactly this many significant digits, zero being of one, after the zeros that there is room for."""
    low, high = max(lowest, 0 if width == 1 else 10 ** (width - 1)), int(min(highest, 10**width - 1))
    room = PERCENT_DIGITS - width
    zeros = "" if room == 0 else "0?" if room == 1 else f"0{{0,{room}}}"
    return [zeros + digits for digits in digit_ranges(str(low), str(high))] if low <= high else []


def digit_ranges(low: str, high: str) -> list[str]:
    """The digit strings from `low` to `high`, both of the same length: `("38", "52")` -> `3[8-9]`, `4[0-9]`, `5[0-2]`."""
    if low == high:
        return [low]
    if low[0] == high[0]:
        return [low[0] + rest for rest in digit_ranges(low[1:], high[1:])]
    rest = len(low) - 1
    if low[1:] == "0" * rest and high[1:] == "9" * rest:
        return [_digit(low[0], high[0]) + "[0-9]" * rest]
    if low[1:] != "0" * rest:
        return digit_ranges(low, low[0] + "9" * rest) + digit_ranges(_next(low[0]) + "0" * rest, high)
    return digit_ranges(low, _previous(high[0]) + "9" * rest) + digit_ranges(high[0] + "0" * rest, high)


def _digit(low: str, high: str) -> str:
    return low if low == high else f"[{low}-{high}]"


def _next(digit: str) -> str:
    return str(int(digit) + 1)


def _previous(digit: str) -> str:
    return str(int(digit) - 1)
