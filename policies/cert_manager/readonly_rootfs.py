"""cm-readonly-rootfs"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, containers, rule

from ._components import workloads_and_solvers
from ._examples import RESTRICTED, container, deployment, job, other_webhook, pod, sidecar, unlabeled
from ._helm import for_every_component
from ._pss_examples import in_context, restricted, restricted_pod
from ._solver_examples import solver


@rule(
    severity="medium",
    match=workloads_and_solvers(),
    message="{kind} {name} has a container that may write to its own file system",
    helm_values=for_every_component("containerSecurityContext.readOnlyRootFilesystem", True),
    controls=[
        "NSA: immutable container filesystem (Kubescape C-0017)",
        "BSI SYS.1.6.A23",
        "Datree CONTAINERS_INCORRECT_READONLYROOTFILESYSTEM_VALUE",
        "Kyverno policy require-ro-rootfs",
        "Gatekeeper K8sPSPReadOnlyRootFilesystem",
    ],
    sources=["Overview"],
    good=[
        restricted(),
        restricted("webhook", initContainers=[sidecar(securityContext=RESTRICTED)]),
        job(**restricted_pod("startupapicheck")),
        pod("cainjector", **restricted_pod("cainjector")),
        solver(),
        other_webhook(),
    ],
    bad=[
        deployment(),
        in_context({"readOnlyRootFilesystem": False}),
        in_context({"readOnlyRootFilesystem": None}),
        in_context({"readOnlyRootFilesystem": "true"}),
        restricted(containers=[container("controller", securityContext=RESTRICTED), sidecar()]),
        restricted("webhook", initContainers=[sidecar()]),
        restricted("cainjector", ephemeralContainers=[sidecar()]),
        job(),
        solver(containers=[{"name": "acmesolver", "image": "example.com/acmesolver:v1"}]),
        unlabeled(pod("cainjector")),
    ],
)
def readonly_rootfs(workload: Workload) -> Condition:
    """No container of cert-manager writes to its own file system.

    Whoever gets into the container then finds no place to put a program or to change one. cert-manager writes to volumes
    alone.
    """
    return containers(workload.pod).all(lambda container: container.securityContext.readOnlyRootFilesystem.is_true())
