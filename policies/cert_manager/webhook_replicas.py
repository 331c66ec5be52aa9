"""cm-webhook-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import webhook
from ._examples import deployment as example


@rule(
    severity="critical",
    match=webhook(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    helm_values={"webhook.replicaCount": 3},
    sources=["High Availability: webhook"],
    good=[example("webhook", replicas=3), example("webhook", replicas=1, namespace="elsewhere")],
    bad=[example("webhook", replicas=2), example("webhook", replicas=None)],
)
def webhook_replicas(deployment: Deployment, minimum: int = 3) -> Condition:
    """The cert-manager webhook runs three or more replicas.

    While it is down, every API operation on cert-manager resources fails.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
