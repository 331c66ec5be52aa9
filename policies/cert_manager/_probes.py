"""What a probe asks, and how long it has patience."""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, percentages
from cmpolicy.kinds import Probe

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
    period, failures = probe.periodSeconds.default(10), probe.failureThreshold.default(3)
    long_enough = _TIMES.any(
        lambda times: (times.of(1, up=False) <= failures) & (times.of(period, up=False) >= seconds),
    )
    often_enough = _TIMES.any(
        lambda times: (times.of(1, up=False) <= period) & (times.of(failures, up=False) >= seconds),
    )
    return long_enough | often_enough
