"""cmv-webhook-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values
from ._profiles import BEST_PRACTICE


@rule(
    severity="critical",
    match=match(CertManagerValues),
    message="the webhook runs {values.webhook.replicaCount.default(1)} replica(s); run at least {minimum}",
    helm_values={"webhook.replicaCount": value_of("minimum")},
    sources=["High Availability: webhook"],
    profiles=BEST_PRACTICE,
    good=[values(webhook={"replicaCount": 3}), values(webhook={"replicaCount": 4})],
    bad=[values(), values(webhook={"replicaCount": 2}), values(replicaCount=3)],
)
def webhook_replicas(values: CertManagerValues, minimum: int = 3) -> Condition:
    """The values run enough replicas of the webhook.

    The chart runs one. While it is away, every API operation on cert-manager resources fails.

    Parameters:
        minimum: Replicas that are enough
    """
    return values.webhook.replicaCount.default(1) >= minimum
