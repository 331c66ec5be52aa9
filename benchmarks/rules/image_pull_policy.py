"""bench-image-pull-policy"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container whose image is not pulled",
    good=[pod()],
    bad=[pod(containers=[container(imagePullPolicy="Never")])],
)
def image_pull_policy(workload: Workload) -> Condition:
    """Images are pulled where they are missing.

    With `Never` a new node cannot start the pod.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.imagePullPolicy.is_in(["Always", "IfNotPresent"]),
    )
