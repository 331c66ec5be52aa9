"""bench-image-registry"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has an image from elsewhere",
    good=[pod()],
    bad=[pod(containers=[container(image="nginx:1.27.0")])],
)
def image_registry(workload: Workload) -> Condition:
    """Images come from the own registry.

    Others are not scanned.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.image.starts_with("registry.example.com/"),
    )
