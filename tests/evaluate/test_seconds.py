"""`ir.Seconds` reads durations as Go does, and nothing else."""

from __future__ import annotations

import pytest
from cmpolicy.evaluate.values import seconds
from cmpolicy.values import Json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2160h0m0s", 7776000),
        ("90m", 5400),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("0.001h", 3),
        ("1.999s", 1),
        ("0s", 0),
        ("007m", 420),
        ("999999.999h", 3599999996),
    ],
)
def test_a_duration(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "5", "1d", "1H", "-1h", "+1h", " 1h", "1h\n", "1 h", "30m1h", "1s1s", "1ms", "1.h", ".5h", "1.0000h"),
        *("1000000h", "\u0661h", None, 3600, True, ["1h"], {"h": 1}),
    ],
)
def test_what_is_no_duration(value: Json) -> None:
    assert seconds(value) is None
