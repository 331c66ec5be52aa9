"""Other objects of the kind itself, which may be among the known ones."""

from __future__ import annotations

from cmpolicy.dsl import Condition, others, rule, where_known
from cmpolicy.kinds import PodDisruptionBudget
from cmpolicy.values import JsonMap


def budget(name: str, app: str, namespace: str = "a") -> JsonMap:
    """A budget for an app."""
    spec = {"selector": {"matchLabels": {"app": app}}}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata, "spec": spec}


@rule(
    severity="low",
    match=PodDisruptionBudget,
    message="another budget than {name} is for the same app",
    good=[
        budget("a", "x"),
        where_known(budget("a", "x"), budget("a", "x")),
        where_known(budget("a", "x"), budget("b", "y"), budget("b", "x", "other")),
    ],
    bad=[
        where_known(budget("a", "x"), budget("b", "x")),
        where_known(budget("a", "x"), budget("a", "y"), budget("b", "x")),
    ],
)
def alone(budget: PodDisruptionBudget) -> Condition:
    """One budget for each app."""
    app = budget.spec.selector.matchLabels["app"]
    return others(PodDisruptionBudget, budget).none(lambda other: other.spec.selector.matchLabels["app"] == app)
