"""How many pods a Deployment's rolling update may take away, compared with its replicas without any arithmetic.

At least two pods stay if `maxUnavailable <= replicas - 2`. For a number that is: some integer lies strictly between
`maxUnavailable` and `replicas`. A percentage p of r replicas is rounded down:

    floor(p * r / 100) <= r - 2   <=>   p * r < 100 * (r - 1)   <=>   r > 100 / (100 - p)

so each p below 100 asks for at least `100 // (100 - p) + 1` replicas: few distinct steps, exact for every r.
"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Integer, IntOrString, any_of, integers

MOST_PODS = 20
"""A number as large as this is not looked at; so many pods are better said as a percentage."""

HIGHEST_PERCENT = {100 // (100 - percent) + 1: percent for percent in range(100)}
"""Replicas to the highest percentage that leaves two of them: `{2: 49, 3: 66, 4: 74, ...}`."""


def leaves_two(max_unavailable: IntOrString, replicas: Integer) -> Condition:
    """Taking `max_unavailable` of the replicas away leaves at least two."""
    percent, pods = max_unavailable.percent(), max_unavailable.number()
    steps = ((percent <= highest) & (replicas >= least) for least, highest in HIGHEST_PERCENT.items())
    between = integers(range(1, MOST_PODS + 1)).any(lambda between: (pods < between) & (replicas > between))
    return any_of(between, *steps)
