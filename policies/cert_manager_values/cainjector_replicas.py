"""cmv-cainjector-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} runs too few replicas of the cainjector; set cainjector.replicaCount to {minimum} or more",
    helm_values={"cainjector.replicaCount": value_of("minimum")},
    sources=["High Availability: controller and cainjector"],
    good=[
        values(cainjector={"replicaCount": 2}),
        values(cainjector={"replicaCount": 3}),
        values(cainjector={"enabled": False}),
    ],
    bad=[values(cainjector={"replicaCount": 1}), values()],
)
def cainjector_replicas(values: CertManagerValues, minimum: int = 2) -> Condition:
    """The values run enough replicas of the cainjector.

    The chart runs one, and when its node goes there is none.

    Parameters:
        minimum: Replicas that are enough
    """
    return (values.cainjector.replicaCount.default(1) >= minimum) | values.cainjector.enabled.is_false()
