"""bench-not-privileged"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="critical",
    match=match(Pod, Deployment),
    message="{kind} {name} has a privileged container",
    good=[pod()],
    bad=[pod(containers=[container(securityContext={"privileged": True})])],
)
def not_privileged(workload: Workload) -> Condition:
    """No container is privileged.

    A privileged container owns the node.
    """
    return containers(pod_spec(workload)).all(
        lambda container: ~container.securityContext.privileged.is_true(),
    )
