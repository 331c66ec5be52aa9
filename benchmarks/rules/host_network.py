"""bench-host-network"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} shares its node's network",
    good=[pod()],
    bad=[pod(hostNetwork=True)],
)
def host_network(workload: Workload) -> Condition:
    """Pods have a network of their own.

    On the host's they pass every network policy.
    """
    return ~pod_spec(workload).hostNetwork.is_true()
