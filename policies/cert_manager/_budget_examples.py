"""PodDisruptionBudgets: their selectors, and replicas that go together with them or do not."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._components import COMPONENT_LABEL
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


def selecting(selector: JsonMap | None) -> JsonMap:
    """The controller's budget with this selector, None for none."""
    return {**budget("controller"), "spec": {"minAvailable": 1, "selector": selector}}


WHOLE_NAMESPACE: JsonMap = {
    **budget("controller"),
    "metadata": {"name": "everything", "namespace": "cert-manager"},
    "spec": {"selector": {}, "maxUnavailable": 1},
}
"""A budget on every pod of the namespace."""


def component_in(*values: str, operator: str = "In") -> JsonMap:
    """A selector that asks for the label of a component."""
    return {"matchExpressions": [{"key": COMPONENT_LABEL, "operator": operator, "values": list(values)}]}
