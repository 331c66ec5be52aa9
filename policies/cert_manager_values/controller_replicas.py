"""cmv-controller-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="{name} runs too few replicas of the controller; set replicaCount to {minimum} or more",
    helm_values={"replicaCount": value_of("minimum")},
    sources=["High Availability"],
    good=[values(replicaCount=2), values(replicaCount=3)],
    bad=[values(replicaCount=1), values()],
)
def controller_replicas(values: CertManagerValues, minimum: int = 2) -> Condition:
    """The values run enough replicas of the controller.

    The chart runs one, and when its node goes there is none.

    Parameters:
        minimum: Replicas that are enough
    """
    return values.replicaCount.default(1) >= minimum
