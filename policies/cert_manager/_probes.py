"""What a probe asks, and how long it has patience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from cmpolicy.dsl import Condition, Integer, percentages
from cmpolicy.kinds import Probe

Given: TypeAlias = Callable[[Callable[[Integer | int], Condition]], Condition]
"""Whether a test holds of a number that is given."""

_TIMES = percentages(range(100, 10000, 100))
"""Once, twice, ... 99 times something, as a percentage of it: conditions know no multiplication."""


def asks(probe: Probe, paths: Sequence[str], port_names: Sequence[str], port_numbers: Sequence[int]) -> Condition:
    """It asks one of these paths over HTTP, on a port of one of these names or numbers."""
    get = probe.httpGet
    on_port = get.port.string().is_in(port_names) | get.port.number().is_in(port_numbers)
    return get.path.is_in(paths) & on_port & (get.scheme.default("HTTP") == "HTTP")


def lasts(probe: Probe, seconds: int) -> Condition:
    """It fails for at least this long before the container is restarted: its period times its failures.

    Exact if the period or the failures are below 100, or if `seconds` is below 9801.
    """

    def one_way(counted: Given, multiplied: Given) -> Condition:
        return _TIMES.any(
            lambda times: counted(lambda number: times.of(1, up=False) <= number)
            & multiplied(lambda number: times.of(number, up=False) >= seconds)
        )

    period, failures = partial(_given, probe.periodSeconds, 10), partial(_given, probe.failureThreshold, 3)
    return one_way(failures, period) | one_way(period, failures)


def _given(number: Integer, default: int, test: Callable[[Integer | int], Condition]) -> Condition:
    """The test of the number, or of the default that an API server puts in place of none and of 0."""
    return test(number.default(default)) | ((number == 0) & test(default))
