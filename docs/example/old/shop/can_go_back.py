"""shop-can-go-back"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment


def example(**spec: object) -> dict[str, object]:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": spec}


@rule(
    severity="low",
    match=match(Deployment),
    message="{name} cannot be rolled back",
    remedy="Leave `revisionHistoryLimit` out",
    good=[example()],
    bad=[example(paused=True), example(revisionHistoryLimit=0)],
)
def can_go_back(deployment: Deployment) -> Condition:
    """Deployments can be rolled back.

    When a release is bad, the one before it is the quickest remedy.
    """
    return ~(deployment.spec.paused.is_true() | (deployment.spec.revisionHistoryLimit < 1))
