"""cm-controller-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, value_of
from cmpolicy.kinds import Deployment

from ._components import controller
from ._controls import REPLICAS
from ._examples import deployment as example
from ._examples import unlabeled


@rule(
    severity="high",
    match=controller(Deployment),
    message="{name} runs {deployment.spec.replicas.default(1)} replica(s); run at least {minimum}",
    helm_values={"replicaCount": value_of("minimum")},
    controls=REPLICAS,
    sources=["High Availability", "High Availability: controller and cainjector"],
    good=[example(replicas=2), example(replicas=3), example("webhook", replicas=1)],
    bad=[example(replicas=1), example(replicas=None), example(replicas="2"), unlabeled(example(replicas=0))],
)
def controller_replicas(deployment: Deployment, minimum: int = 2) -> Condition:
    """The cert-manager controller has a standby replica.

    One replica holds the leader's lease and works, the others wait. Without a standby, no certificate is issued or
    renewed from the moment the controller's node is lost until a new pod has been scheduled, pulled and started.

    Parameters:
        minimum: Replicas that are enough
    """
    return deployment.spec.replicas.default(1) >= minimum
