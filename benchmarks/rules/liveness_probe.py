"""bench-liveness-probe"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container without a liveness probe",
    good=[pod()],
    bad=[pod(containers=[container(livenessProbe=None)])],
)
def liveness_probe(workload: Workload) -> Condition:
    """Every container has a liveness probe.

    A process that hangs is then restarted.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.livenessProbe.exists(),
    )
