"""bench-memory-within-limit"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that requests more memory than its limit",
    good=[pod()],
    bad=[pod(containers=[container(resources={"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}})])],
)
def memory_within_limit(workload: Workload) -> Condition:
    """No container requests more memory than its limit.

    The API server refuses such pods.
    """
    return containers(pod_spec(workload), ephemeral=False).all(
        lambda container: (container.resources.requests["memory"] <= container.resources.limits["memory"]),
    )
