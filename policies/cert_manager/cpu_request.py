"""cm-cpu-request"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, any_of, containers, rule
from cmpolicy.kinds import Container

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._floors import gives
from ._helm import for_every_component
from ._resource_examples import CPU, MEMORY, sized, sized_sidecar


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} has a container that requests no CPU, or more than {max_request}",
    helm_values=for_every_component("resources.requests.cpu", "50m"),
    controls=[
        "NSA: resource policies",
        "BSI SYS.1.6.A15",
        "Datree CONTAINERS_MISSING_CPU_REQUEST_KEY",
        "Kyverno policy require-requests-limits",
        "Gatekeeper K8sContainerRequests",
        "Learnk8s: set CPU requests to one CPU or less",
    ],
    sources=["Scalability", "Scalability: CPU"],
    good=[
        deployment(containers=[sized(CPU)]),
        deployment(containers=[sized(limits=CPU)]),
        deployment(
            containers=[sized({"cpu": 1}), sized_sidecar({"cpu": "1000m"})], initContainers=[sized_sidecar(CPU)]
        ),
        job(containers=[sized(CPU)]),
        pod(containers=[sized(CPU)], ephemeralContainers=[sidecar()]),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment("webhook", containers=[sized(MEMORY, MEMORY)]),
        deployment(containers=[sized({"cpu": None}, {"memory": "1Gi"})]),
        deployment(containers=[sized({"cpu": 0}, CPU)]),
        deployment(containers=[sized({"cpu": "1001m"})]),
        deployment(containers=[sized(limits={"cpu": 2})]),
        deployment(containers=[sized({"cpu": "some"}, CPU)]),
        deployment(containers=[sized_sidecar(), sized(CPU)]),
        deployment(containers=[sized(CPU)], initContainers=[sidecar()]),
        job(),
        unlabeled(pod("cainjector")),
    ],
)
def cpu_request(workload: Workload, max_request: str = "1") -> Condition:
    """Every container of cert-manager requests CPU, and no more than it can use.

    The request is the container's share when the node is busy: without one cert-manager gets what others leave, and its
    leases run out while it waits. A request above one CPU makes the pod hard to place for little gain. A container with a
    limit and no request gets the limit as its request.

    Parameters:
        max_request: The largest request
    """

    def requests_cpu(container: Container) -> Condition:
        requests, limits = container.resources.requests, container.resources.limits
        return any_of(
            gives(requests, "cpu") & (requests["cpu"] <= max_request),
            ~requests.has("cpu") & gives(limits, "cpu") & (limits["cpu"] <= max_request),
        )

    return containers(workload.pod, ephemeral=False).all(requests_cpu)
