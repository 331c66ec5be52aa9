"""cmv-webhook-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values


@rule(
    severity="critical",
    match=match(CertManagerValues),
    message="{name} runs too few replicas of the webhook; set webhook.replicaCount to {minimum} or more",
    helm_values={"webhook.replicaCount": value_of("minimum")},
    sources=["High Availability: webhook"],
    good=[values(webhook={"replicaCount": 3}), values(webhook={"replicaCount": 4})],
    bad=[values(webhook={"replicaCount": 2}), values()],
)
def webhook_replicas(values: CertManagerValues, minimum: int = 3) -> Condition:
    """The values run enough replicas of the webhook.

    The chart runs one, and when its node goes there is none.

    Parameters:
        minimum: Replicas that are enough
    """
    return values.webhook.replicaCount.default(1) >= minimum
