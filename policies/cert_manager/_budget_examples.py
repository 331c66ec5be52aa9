"""Replicas and disruption budgets that go together, and that do not."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import budget, labels

PAIRS_WITH_ROOM: tuple[tuple[Json, JsonMap], ...] = (
    (2, {"minAvailable": 1}),
    (2, {"minAvailable": "50%"}),
    (3, {"minAvailable": "66%"}),
    (1, {"minAvailable": 0}),
    (1, {"minAvailable": "0%"}),
    (1, {"maxUnavailable": 1}),
    (1, {}),
)
"""Replicas and the spec of a budget that leaves room: 66 % of three are 1.98, so two."""

PAIRS_THAT_BLOCK: tuple[tuple[Json, JsonMap], ...] = (
    (1, {"minAvailable": 1}),
    (None, {"minAvailable": 1}),
    (2, {"minAvailable": 2}),
    (3, {"minAvailable": "67%"}),
    (3, {"minAvailable": "100%"}),
    (1, {"minAvailable": "1%"}),
    (0, {"minAvailable": 1}),
    (3, {"minAvailable": "two"}),
)
"""Replicas and the spec of a budget that wants all of them: 67 % of three are 2.01, so three."""


def budget_with(component: str, spec: JsonMap) -> JsonMap:
    """A component's budget; `spec` adds to its spec."""
    return {**budget(component), "spec": {"selector": {"matchLabels": labels(component)}, **spec}}
