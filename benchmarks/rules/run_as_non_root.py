"""bench-run-as-non-root"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, match, pod_spec, rule, security_context
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that may run as root",
    good=[pod()],
    bad=[pod(securityContext={})],
)
def run_as_non_root(workload: Workload) -> Condition:
    """Nothing runs as root.

    Root in a container is root on the node when it breaks out.
    """
    return containers(pod_spec(workload)).all(
        lambda container: security_context(container, pod_spec(workload)).runAsNonRoot.is_true(),
    )
