"""bench-readiness-probe"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container without a readiness probe",
    good=[pod()],
    bad=[pod(containers=[container(readinessProbe=None)])],
)
def readiness_probe(workload: Workload) -> Condition:
    """Every container has a readiness probe.

    Requests reach it only when it can answer.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.readinessProbe.exists(),
    )
