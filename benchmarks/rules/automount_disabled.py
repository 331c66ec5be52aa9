"""bench-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} mounts a token by itself",
    good=[pod()],
    bad=[pod(automountServiceAccountToken=None)],
)
def automount_disabled(workload: Workload) -> Condition:
    """Pods mount no token by themselves.

    Few servers talk to the API server.
    """
    return pod_spec(workload).automountServiceAccountToken.is_false()
