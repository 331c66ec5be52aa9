"""How many pods a Deployment's rolling update may take away, compared with its replicas without any arithmetic.

At least two pods stay if `maxUnavailable <= replicas - 2`. A percentage p of r replicas is rounded down:

    floor(p * r / 100) <= r - 2   <=>   p * r < 100 * (r - 1)   <=>   r > 100 / (100 - p)

so each p below 100 asks for at least `100 // (100 - p) + 1` replicas: few distinct steps, exact for every r.
A number n asks for n + 2 replicas: one step for each n, so the table ends somewhere.
"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Integer, IntOrString, any_of

MOST_PODS = 20
"""The largest number of pods that the table knows; a larger `maxUnavailable` has to be said as a percentage."""

HIGHEST_PERCENT = {100 // (100 - percent) + 1: percent for percent in range(100)}
"""Replicas to the highest percentage that leaves two of them: `{2: 49, 3: 66, 4: 74, ...}`."""

MOST_UNAVAILABLE = {pods + 2: pods for pods in range(MOST_PODS + 1)}
"""Replicas to the highest number that leaves two of them."""


def leaves_two(max_unavailable: IntOrString, replicas: Integer) -> Condition:
    """Taking `max_unavailable` of the replicas away leaves at least two."""
    return any_of(
        _within(max_unavailable.percent(), replicas, HIGHEST_PERCENT),
        _within(max_unavailable.number(), replicas, MOST_UNAVAILABLE),
    )


def _within(value: Integer, replicas: Integer, highest: dict[int, int]) -> Condition:
    return any_of(*((value <= limit) & (replicas >= least) for least, limit in highest.items()))
