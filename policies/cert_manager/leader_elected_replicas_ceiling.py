"""cm-leader-elected-replicas-ceiling"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, value_of
from cmpolicy.kinds import Deployment

from ._components import leader_elected
from ._examples import deployment as example
from ._examples import unlabeled
from ._helm import for_each


@rule(
    severity="info",
    match=leader_elected(Deployment),
    message="{name} runs {deployment.spec.replicas} replicas, and only one of them works",
    helm_values=for_each("replicaCount", dict.fromkeys(("controller", "cainjector"), value_of("maximum"))),
    controls=["Gatekeeper K8sReplicaLimits"],
    sources=["High Availability: controller and cainjector", "Scalability: controller and cainjector"],
    good=[
        example(replicas=2),
        example("cainjector", replicas=1),
        example(replicas=None),
        example("webhook", replicas=5),
    ],
    bad=[
        example(replicas=3),
        example("cainjector", replicas=10),
        unlabeled(example(replicas=3)),
    ],
)
def leader_elected_replicas_ceiling(deployment: Deployment, maximum: int = 2) -> Condition:
    """The controller and the cainjector run no more than one standby.

    They elect a leader, and the others wait. A third replica takes memory for its caches and does nothing for it; to make
    the leader faster, give it more CPU.

    Parameters:
        maximum: Replicas that are of use
    """
    return deployment.spec.replicas.default(1) <= maximum
