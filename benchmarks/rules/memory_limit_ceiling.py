"""bench-memory-limit-ceiling"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container with a memory limit above 4Gi",
    good=[pod()],
    bad=[pod(containers=[container(resources={"limits": {"memory": "8Gi"}})])],
)
def memory_limit_ceiling(workload: Workload) -> Condition:
    """No memory limit is above 4Gi.

    Larger ones fit on no node of the pool.
    """
    return containers(pod_spec(workload), ephemeral=False).all(
        lambda container: (container.resources.limits["memory"] <= "4Gi")
        | container.resources.limits["memory"].absent(),
    )
