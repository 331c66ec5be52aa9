"""bench-adds-no-capability"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that adds capabilities",
    good=[pod()],
    bad=[pod(containers=[container(securityContext={"capabilities": {"add": ["NET_ADMIN"]}})])],
)
def adds_no_capability(workload: Workload) -> Condition:
    """Containers add no capability but NET_BIND_SERVICE.

    NET_ADMIN and the like reach beyond the container.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.securityContext.capabilities.add.subset_of(["NET_BIND_SERVICE"]),
    )
