"""bench-seccomp-profile"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule, security_context
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container without a seccomp profile",
    good=[pod()],
    bad=[pod(securityContext={})],
)
def seccomp_profile(workload: Workload) -> Condition:
    """System calls are filtered.

    The default profile costs nothing.
    """
    return containers(pod_spec(workload)).all(
        lambda container: security_context(container, pod_spec(workload)).seccompProfile.type.is_in(
            ["RuntimeDefault", "Localhost"]
        ),
    )
