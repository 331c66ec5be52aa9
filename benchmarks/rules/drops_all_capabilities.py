"""bench-drops-all-capabilities"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that keeps capabilities",
    good=[pod()],
    bad=[pod(containers=[container(securityContext={})])],
)
def drops_all_capabilities(workload: Workload) -> Condition:
    """Every container drops all capabilities.

    What a process may do without them is enough for a server.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.securityContext.capabilities.drop.contains("ALL"),
    )
