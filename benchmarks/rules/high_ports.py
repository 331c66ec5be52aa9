"""bench-high-ports"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that listens below 1024",
    good=[pod()],
    bad=[pod(containers=[container(ports=[{"containerPort": 80}])])],
)
def high_ports(workload: Workload) -> Condition:
    """Containers listen on ports from 1024 on.

    Lower ones need a capability.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.ports.all(lambda port: port.containerPort >= 1024),
    )
