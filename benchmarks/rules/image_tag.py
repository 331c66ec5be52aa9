"""bench-image-tag"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, image, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container whose image has no version",
    good=[pod()],
    bad=[pod(containers=[container(image="nginx:latest")])],
)
def image_tag(workload: Workload) -> Condition:
    """Images are named by a version.

    What is newest changes under a running system.
    """
    return containers(pod_spec(workload)).all(
        lambda container: ~image(container.image).is_latest(),
    )
