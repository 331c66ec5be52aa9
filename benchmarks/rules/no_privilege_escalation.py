"""bench-no-privilege-escalation"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that can gain privileges",
    good=[pod()],
    bad=[pod(containers=[container(securityContext={})])],
)
def no_privilege_escalation(workload: Workload) -> Condition:
    """No container can gain privileges.

    A set-user-id program inside the image would otherwise run as root.
    """
    return containers(pod_spec(workload)).all(
        lambda container: container.securityContext.allowPrivilegeEscalation.is_false(),
    )
