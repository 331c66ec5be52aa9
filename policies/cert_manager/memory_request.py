"""cm-memory-request"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, any_of, containers, rule
from cmpolicy.kinds import Container

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._floors import gives
from ._helm import for_every_component
from ._resource_examples import MEMORY, sized, sized_sidecar


@rule(
    severity="high",
    match=every_workload(),
    message="{kind} {name} has a container that requests no memory",
    helm_values=for_every_component("resources.requests.memory", "128Mi"),
    controls=[
        "NSA: resource policies",
        "BSI SYS.1.6.A15",
        "Datree CONTAINERS_MISSING_MEMORY_REQUEST_KEY",
        "Kyverno policy require-requests-limits",
        "Gatekeeper K8sContainerRequests",
        "Gatekeeper K8sRequiredResources",
        "Learnk8s: set memory limits and requests",
    ],
    sources=["Scalability", "Scalability: Memory"],
    good=[
        deployment(containers=[sized(MEMORY)]),
        deployment(containers=[sized(limits=MEMORY)]),
        deployment(containers=[sized(MEMORY), sized_sidecar(MEMORY)], initContainers=[sized_sidecar(MEMORY)]),
        job(containers=[sized(MEMORY)]),
        pod(containers=[sized(MEMORY)], ephemeralContainers=[sidecar()]),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment("webhook", containers=[sized({"cpu": "10m"})]),
        deployment(containers=[sized({"memory": None}, {"cpu": "1"})]),
        deployment(containers=[sized({"memory": "0"}, MEMORY)]),
        deployment(containers=[sized("128Mi")]),
        deployment(containers=[sized_sidecar(), sized(MEMORY)]),
        deployment(containers=[sized(MEMORY)], initContainers=[sidecar()]),
        job(),
        unlabeled(pod("cainjector")),
    ],
)
def memory_request(workload: Workload) -> Condition:
    """Every container of cert-manager requests memory.

    cert-manager caches what it watches, so its memory grows with the cluster. A request makes the scheduler set that
    memory aside; without one the pods land on nodes that are already full and are the first to be evicted from them. A
    container with a limit and no request gets the limit as its request.
    """

    def requests_memory(container: Container) -> Condition:
        requests, limits = container.resources.requests, container.resources.limits
        return any_of(gives(requests, "memory"), ~requests.has("memory") & gives(limits, "memory"))

    return containers(workload.pod, ephemeral=False).all(requests_memory)
