"""bench-read-only-root"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that can write to its root file system",
    good=[pod()],
    bad=[pod(containers=[container(securityContext={})])],
)
def read_only_root(workload: Workload) -> Condition:
    """Root file systems are read-only.

    Nothing can then be planted in a running container.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.securityContext.readOnlyRootFilesystem.is_true(),
    )
