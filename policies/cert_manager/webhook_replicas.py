"""cm-webhook-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, value_of
from cmpolicy.kinds import Deployment

from ._components import webhook
from ._controls import REPLICAS
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled


@rule(
    severity="critical",
    match=webhook(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    helm_values={"webhook.replicaCount": value_of("minimum")},
    controls=REPLICAS,
    sources=["High Availability: webhook", "Scalability: webhook"],
    good=[example("webhook", replicas=3), example("webhook", replicas=4), other_webhook()],
    bad=[example("webhook", replicas=2), example("webhook", replicas=None), unlabeled(example("webhook", replicas=2))],
)
def webhook_replicas(deployment: Deployment, minimum: int = 3) -> Condition:
    """The cert-manager webhook runs three or more replicas.

    While it is down, every API operation on cert-manager resources fails.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
