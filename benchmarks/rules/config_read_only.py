"""bench-config-read-only"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that can write its configuration",
    good=[pod()],
    bad=[pod(containers=[container(volumeMounts=[{"name": "config", "mountPath": "/etc/app"}])])],
)
def config_read_only(workload: Workload) -> Condition:
    """Configuration is mounted read-only.

    A program does not change its own settings.
    """
    return pod_spec(workload).containers.all(
        lambda container: container.volumeMounts.where(lambda mount: mount.name == "config").all(
            lambda mount: mount.readOnly.is_true()
        ),
    )
