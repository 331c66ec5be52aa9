"""cm-requests-within-limits"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, rule
from cmpolicy.kinds import Container

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._resource_examples import MEMORY, sized, sized_sidecar


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} has a container that requests more of a resource than its limit",
    remedy="Raise the limit, or lower the request, in the component's `resources`",
    controls=[
        "Datree EKS_INVALID_MEMORY_REQUEST_LIMIT",
        "Kyverno policy enforce-resources-as-ratio",
        "Gatekeeper K8sContainerRatios",
    ],
    sources=["Scalability"],
    good=[
        deployment(),
        deployment(containers=[sized(MEMORY, MEMORY)]),
        deployment(containers=[sized({"memory": "1Gi", "cpu": "1000m"}, {"memory": "1024Mi", "cpu": 1})]),
        deployment(containers=[sized({"cpu": "2"}, MEMORY)]),
        deployment(containers=[sized({"memory": "1G"}, {"memory": "1Gi"})]),
        job(containers=[sized(MEMORY)]),
        pod(containers=[sized(limits=MEMORY)]),
        other_webhook(),
    ],
    bad=[
        deployment(containers=[sized({"memory": "1Gi"}, {"memory": "1G"})]),
        deployment(containers=[sized({"cpu": 1, "memory": "64Mi"}, {"cpu": "500m", "memory": "128Mi"})]),
        deployment("webhook", containers=[sized(), sized_sidecar({"cpu": "1.1"}, {"cpu": 1})]),
        deployment(initContainers=[sized_sidecar({"memory": "2Mi"}, {"memory": "1500Ki"})]),
        deployment(containers=[sized({"memory": "lots"}, MEMORY)]),
        job(containers=[sized({"ephemeral-storage": "2Gi"}, {"ephemeral-storage": "1Gi"})]),
        unlabeled(pod(containers=[sized({"memory": "1E"}, {"memory": "1e3"})])),
    ],
)
def requests_within_limits(workload: Workload) -> Condition:
    """No container of cert-manager requests more than its limit.

    The API server refuses such pods, so a Deployment that holds one is accepted and never gets any. It happens when a
    request is raised in one values file and the limit is set in another.
    """

    def within_limits(container: Container) -> Condition:
        requests, limits = container.resources.requests, container.resources.limits
        return requests.all(
            lambda resource, request: limits.all(
                lambda limited, limit: (limited == resource).implies(request <= limit),
            )
        )

    return containers(workload.pod, ephemeral=False).all(within_limits)
