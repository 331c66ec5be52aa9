"""bench-grace-period"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} may take longer than two minutes to end",
    good=[pod()],
    bad=[pod(terminationGracePeriodSeconds=600)],
)
def grace_period(workload: Workload) -> Condition:
    """Pods end within two minutes.

    A drain of a node waits for them.
    """
    return pod_spec(workload).terminationGracePeriodSeconds.default(30) <= 120
