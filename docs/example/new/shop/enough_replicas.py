"""shop-enough-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment


def example(replicas: int | None) -> dict[str, object]:
    spec = {} if replicas is None else {"replicas": replicas}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": spec}


@rule(
    severity="medium",
    match=match(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    remedy="Raise `spec.replicas`",
    good=[example(3)],
    bad=[example(1), example(None)],
)
def enough_replicas(deployment: Deployment, minimum: int = 2) -> Condition:
    """Deployments run enough replicas.

    One alone is down whenever its node is.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
