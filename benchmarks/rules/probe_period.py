"""bench-probe-period"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that is probed too often",
    good=[pod()],
    bad=[pod(containers=[container(livenessProbe={"periodSeconds": 1})])],
)
def probe_period(workload: Workload) -> Condition:
    """Liveness is asked for every five seconds at most.

    Probes in a hurry restart what is merely busy.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.livenessProbe.periodSeconds.default(10) >= 5,
    )
