"""bench-memory-limit"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container without a memory limit",
    good=[pod()],
    bad=[pod(containers=[container(resources={})])],
)
def memory_limit(workload: Workload) -> Condition:
    """Every container has a memory limit.

    A leak then ends one container, not the node.
    """
    return containers(pod_spec(workload), ephemeral=False).all(
        lambda container: container.resources.limits.has("memory"),
    )
