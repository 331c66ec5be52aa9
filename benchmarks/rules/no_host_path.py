"""bench-no-host-path"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a volume that is a path of its node",
    good=[pod()],
    bad=[pod(volumes=[{"name": "x", "hostPath": {"path": "/"}}])],
)
def no_host_path(workload: Workload) -> Condition:
    """No volume is a path of the node.

    What is written there outlives the pod.
    """
    return pod_spec(workload).volumes.all(lambda volume: volume.hostPath.absent())
