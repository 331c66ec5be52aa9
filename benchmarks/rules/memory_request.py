"""bench-memory-request"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that requests no memory",
    good=[pod()],
    bad=[pod(containers=[container(resources={})])],
)
def memory_request(workload: Workload) -> Condition:
    """Every container requests memory.

    The scheduler counts with requests only.
    """
    return containers(pod_spec(workload), ephemeral=False).all(
        lambda container: container.resources.requests.has("memory"),
    )
