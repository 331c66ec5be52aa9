"""bench-host-pid"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} shares its node's processes",
    good=[pod()],
    bad=[pod(hostPID=True)],
)
def host_pid(workload: Workload) -> Condition:
    """Pods have processes of their own.

    Others' environments and memory can be read otherwise.
    """
    return ~pod_spec(workload).hostPID.is_true() & ~pod_spec(workload).hostIPC.is_true()
