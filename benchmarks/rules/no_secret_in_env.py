"""bench-no-secret-in-env"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="high",
    match=match(Pod, Deployment),
    message="{kind} {name} has a secret in its environment",
    good=[pod()],
    bad=[pod(containers=[container(env=[{"name": "PASSWORD", "value": "x"}])])],
)
def no_secret_in_env(workload: Workload) -> Condition:
    """No secret stands in an environment variable.

    Whoever reads the manifest reads it.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.env.none(
            lambda each: each.name.matches("(PASSWORD|TOKEN|SECRET)$") & each.value.exists()
        ),
    )
