"""bench-host-ports"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container with a port of its node",
    good=[pod()],
    bad=[pod(containers=[container(ports=[{"containerPort": 8080, "hostPort": 80}])])],
)
def host_ports(workload: Workload) -> Condition:
    """No container takes a port of its node.

    Two such pods never fit on one node.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.ports.none(lambda port: port.hostPort.default(0) > 0),
    )
