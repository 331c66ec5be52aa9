"""cm-cpu-limit"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, any_of, containers, given, rule
from cmpolicy.kinds import Container

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._floors import gives
from ._resource_examples import CPU, MEMORY, sized, sized_sidecar


@rule(
    severity="low",
    match=every_workload(),
    message="the CPU limits of {kind} {name} are not as decided: {mode}",
    remedy="Set `resources.limits.cpu` of each component; or decide against CPU limits: `mode: forbid`, `mode: ignore`",
    controls=[
        "NSA: resource policies (Kubescape C-0270)",
        "Datree CONTAINERS_MISSING_CPU_LIMIT_KEY",
        "Datree EKS_INVALID_CPU_LIMIT",
        "Kyverno policy require-cpu-limits",
        "Kyverno policy forbid-cpu-limits",
    ],
    sources=["Scalability", "Scalability: CPU"],
    good=[
        deployment(containers=[sized(limits=CPU)]),
        deployment(containers=[sized(CPU, CPU), sized_sidecar(limits=CPU)]),
        job(containers=[sized(limits=CPU)]),
        pod(containers=[sized(limits=CPU)], ephemeralContainers=[sidecar()]),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment("webhook", containers=[sized(CPU, MEMORY)]),
        deployment(containers=[sized(limits={"cpu": None})]),
        deployment(containers=[sized(limits={"cpu": "0"})]),
        deployment(containers=[sized(limits=CPU), sized_sidecar(CPU)]),
        deployment(containers=[sized(limits=CPU)], initContainers=[sidecar()]),
        job(),
        unlabeled(pod("cainjector")),
    ],
)
def cpu_limit(workload: Workload, mode: str = "require") -> Condition:
    """Every container of cert-manager has a CPU limit, or by decision none has.

    A limit keeps a busy controller from slowing its neighbors down. It also slows the controller itself down while the node
    is idle, which is why others advise against CPU limits: the requests of the neighbors protect them already. Both are
    fine; a limit on some of the containers is not.

    Parameters:
        mode: `require` CPU limits, `forbid` them, or `ignore` them
    """

    def as_decided(container: Container) -> Condition:
        limited = gives(container.resources.limits, "cpu")
        return any_of(
            given(mode, "ignore"),
            given(mode, "require") & limited,
            given(mode, "forbid") & ~limited,
        )

    return containers(workload.pod, ephemeral=False).all(as_decided)
