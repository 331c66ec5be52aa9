"""A label selector, with every operator, of known objects."""

from __future__ import annotations

from cmpolicy.dsl import Condition, others, rule, selects, where_known
from cmpolicy.kinds import Deployment, PodDisruptionBudget
from cmpolicy.values import Json, JsonMap


def deployment(**labels: str) -> JsonMap:
    """A Deployment whose pods have these labels."""
    spec = {"template": {"metadata": {"labels": labels}, "spec": {}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app", "namespace": "a"}, "spec": spec}


def budget(*expressions: JsonMap, **labels: str) -> JsonMap:
    """A budget with this selector."""
    selector: JsonMap = {"matchLabels": labels, "matchExpressions": list(expressions)}
    metadata = {"name": "app", "namespace": "a"}
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata,
        "spec": {"selector": selector},
    }


def needs(key: str, operator: str, *values: Json) -> JsonMap:
    """A requirement of a selector."""
    return {"key": key, "operator": operator, "values": list(values)}


@rule(
    severity="low",
    match=Deployment,
    message="no budget selects the pods of {name}",
    good=[
        where_known(deployment(app="a"), budget(app="a")),
        where_known(deployment(app="a"), budget()),
        where_known(deployment(app="a"), budget(needs("app", "In", "a", "b"))),
        where_known(deployment(app="c"), budget(needs("app", "NotIn", "a", "b"))),
        where_known(deployment(), budget(needs("app", "NotIn", "a"))),
        where_known(deployment(app="a"), budget(needs("app", "Exists"), needs("tier", "DoesNotExist"))),
    ],
    bad=[
        deployment(app="a"),
        where_known(deployment(app="a"), budget(app="b")),
        where_known(deployment(app="c"), budget(needs("app", "In", "a", "b"))),
        where_known(deployment(app="a"), budget(needs("app", "NotIn", "a", "b"))),
        where_known(deployment(tier="a"), budget(needs("app", "Exists"))),
        where_known(deployment(app="a"), budget(needs("app", "DoesNotExist"))),
        where_known(deployment(app="a"), budget(needs("app", "Like", "a"))),
        where_known(deployment(app="a"), budget(needs("app", "In", "a"), app="b")),
    ],
)
def selected_by_budget(deployment: Deployment) -> Condition:
    """A budget selects the pods."""
    labels = deployment.spec.template.metadata.labels
    return others(PodDisruptionBudget, deployment).any(lambda budget: selects(budget.spec.selector, labels))
