"""cmv-cainjector-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values
from ._profiles import BEST_PRACTICE


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="the cainjector runs {values.cainjector.replicaCount.default(1)} replica(s); run at least {minimum}",
    helm_values={"cainjector.replicaCount": value_of("minimum")},
    sources=["High Availability: controller and cainjector"],
    profiles=BEST_PRACTICE,
    good=[
        values(cainjector={"replicaCount": 2}),
        values(cainjector={"replicaCount": 3}),
        values(cainjector={"enabled": False, "replicaCount": 1}),
    ],
    bad=[values(), values(cainjector={"replicaCount": 1}), values(webhook={"replicaCount": 3})],
)
def cainjector_replicas(values: CertManagerValues, minimum: int = 2) -> Condition:
    """The values run enough replicas of the cainjector.

    The chart runs one. While it is away, the CA bundles that the API server checks webhooks with grow stale.

    Parameters:
        minimum: Replicas that are enough
    """
    return values.cainjector.enabled.is_false() | (values.cainjector.replicaCount.default(1) >= minimum)
