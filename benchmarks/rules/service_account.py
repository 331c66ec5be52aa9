"""bench-service-account"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="medium",
    match=match(Pod, Deployment),
    message="{kind} {name} runs as the default ServiceAccount",
    good=[pod()],
    bad=[pod(serviceAccountName="default")],
)
def service_account(workload: Workload) -> Condition:
    """Pods have a ServiceAccount of their own.

    The default one is everybody's.
    """
    return ~pod_spec(workload).serviceAccountName.default("default").is_in(["", "default"])
