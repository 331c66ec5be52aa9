"""cm-memory-limit"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._floors import gives
from ._helm import for_every_component
from ._resource_examples import MEMORY, sized, sized_sidecar


@rule(
    severity="high",
    match=every_workload(),
    message="{kind} {name} has a container without a memory limit",
    helm_values=for_every_component("resources.limits.memory", "512Mi"),
    controls=[
        "NSA: resource policies (Kubescape C-0271)",
        "BSI SYS.1.6.A15",
        "Datree CONTAINERS_MISSING_MEMORY_LIMIT_KEY",
        "Kyverno policy require-requests-limits",
        "Gatekeeper K8sContainerLimits",
        "Learnk8s: set memory limits and requests",
    ],
    sources=["Scalability", "Scalability: Memory"],
    good=[
        deployment(containers=[sized(limits=MEMORY)]),
        deployment(containers=[sized(MEMORY, MEMORY), sized_sidecar(limits=MEMORY)]),
        job(containers=[sized(limits=MEMORY)]),
        pod(containers=[sized(limits=MEMORY)], ephemeralContainers=[sidecar()]),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment("webhook", containers=[sized(requests=MEMORY)]),
        deployment(containers=[sized(limits={"memory": None, "cpu": "1"})]),
        deployment(containers=[sized(limits={"memory": 0})]),
        deployment(containers=[sized(limits=["memory"])]),
        deployment(containers=[sized(limits=MEMORY), sized_sidecar(MEMORY)]),
        deployment(containers=[sized(limits=MEMORY)], initContainers=[sidecar()]),
        job(),
        unlabeled(pod("cainjector")),
    ],
)
def memory_limit(workload: Workload) -> Condition:
    """Every container of cert-manager has a memory limit.

    Without a limit, a leak or a flood of CertificateRequests takes memory from everything else on the node until the
    kernel kills some process there. With one, only the container that outgrew its share is restarted.
    """
    return containers(workload.pod, ephemeral=False).all(lambda container: gives(container.resources.limits, "memory"))
