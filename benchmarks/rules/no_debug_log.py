"""bench-no-debug-log"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, flag, match, pod_spec, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import container, pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} has a container that logs at debug level",
    good=[pod()],
    bad=[pod(containers=[container(args=["--log-level=debug"])])],
)
def no_debug_log(workload: Workload) -> Condition:
    """Nothing logs at debug level.

    Debug logs hold what nobody should keep.
    """
    return pod_spec(workload).containers.all(
        lambda container: flag(container.args, "log-level").default("info") != "debug",
    )
