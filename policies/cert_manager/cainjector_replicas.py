"""cm-cainjector-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, value_of
from cmpolicy.kinds import Deployment

from ._components import cainjector
from ._controls import REPLICAS
from ._examples import deployment as example
from ._examples import unlabeled


@rule(
    severity="medium",
    match=cainjector(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    helm_values={"cainjector.replicaCount": value_of("minimum")},
    controls=REPLICAS,
    sources=["High Availability", "High Availability: controller and cainjector"],
    good=[example("cainjector", replicas=2), example("cainjector", replicas=3), example("controller", replicas=1)],
    bad=[
        example("cainjector", replicas=1),
        example("cainjector", replicas=None),
        unlabeled(example("cainjector", replicas=1)),
    ],
)
def cainjector_replicas(deployment: Deployment, minimum: int = 2) -> Condition:
    """The cert-manager cainjector has a standby replica.

    The cainjector hands the webhook's CA to the API server. A standby takes the lease over when the leader's node is
    drained or its process hangs; a lone replica leaves stale CA bundles behind until it is back.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
