"""cmv-controller-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values
from ._profiles import BEST_PRACTICE


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="the controller runs {values.replicaCount.default(1)} replica(s); run at least {minimum}",
    helm_values={"replicaCount": value_of("minimum")},
    sources=["High Availability: controller and cainjector"],
    profiles=BEST_PRACTICE,
    good=[values(replicaCount=2), values(replicaCount=3)],
    bad=[values(), values(replicaCount=1), values(webhook={"replicaCount": 3})],
)
def controller_replicas(values: CertManagerValues, minimum: int = 2) -> Condition:
    """The values run enough replicas of the controller.

    The chart runs one. While its node is drained nothing renews certificates.

    Parameters:
        minimum: Replicas that are enough
    """
    return values.replicaCount.default(1) >= minimum
