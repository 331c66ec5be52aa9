"""cm-pss-restricted"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import workloads_and_solvers
from ._examples import RESTRICTED_POD, deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._pss import is_restricted
from ._pss_examples import (
    CONTAINER_CHANGES,
    CONTEXT_CHANGES,
    POD_CHANGES,
    annotated,
    in_container,
    in_context,
    restricted,
    restricted_pod,
)
from ._solver_examples import solver

_SECCOMP = {"seccompProfile": {"type": "RuntimeDefault"}}


@rule(
    severity="high",
    match=workloads_and_solvers(),
    message="{kind} {name} does not meet the Pod Security Standard `restricted`",
    helm_values={
        **for_every_component("securityContext.runAsNonRoot", True),
        **for_every_component("securityContext.seccompProfile.type", "RuntimeDefault"),
        **for_every_component("containerSecurityContext.allowPrivilegeEscalation", False),
        **for_every_component("containerSecurityContext.capabilities.drop", ["ALL"]),
    },
    remedy="Keep the security contexts that the chart sets, also in containers and volumes that you add",
    controls=["CIS 5.2", "NSA: Pod security", "BSI SYS.1.6.A17", "Kyverno policies podsecurity-subrule-*"],
    sources=["Overview"],
    good=[
        restricted(),
        restricted("webhook", volumes=[{"name": "a", "projected": {}}, {"name": "b", "image": {}}]),
        restricted(volumes=[{"name": "a"}]),
        in_context({"capabilities": {"drop": ["NET_RAW", "ALL"], "add": ["NET_BIND_SERVICE"]}}),
        in_context({"runAsNonRoot": True, "runAsUser": 1000}, securityContext=_SECCOMP),
        in_container({"ports": [{"containerPort": 80, "hostPort": 0}]}),
        in_container({"livenessProbe": {"httpGet": {"host": "", "port": 80}}}, "webhook"),
        job(**restricted_pod("startupapicheck")),
        restricted(hostUsers=False, securityContext=_SECCOMP),
        deployment(os={"name": "windows"}, securityContext={"runAsNonRoot": True}),
        annotated("localhost/own"),
        solver(),
        other_webhook(),
    ],
    bad=[
        *(restricted(**change) for change in POD_CHANGES),
        *(in_context(change) for change in CONTEXT_CHANGES),
        *(in_container(change) for change in CONTAINER_CHANGES),
        annotated("unconfined"),
        deployment(securityContext=RESTRICTED_POD),
        job(),
        solver(securityContext=None),
        unlabeled(pod("cainjector")),
    ],
)
def pss_restricted(workload: Workload) -> Condition:
    """cert-manager's pods meet the Pod Security Standard "restricted".

    The chart and the controller make them so; what breaks it is added later, a sidecar without a security context or a
    volume from the node. A namespace that enforces the standard then admits no pod of the Deployment at all. The checks are
    those of Kubernetes 1.37, whatever version runs.
    """
    return is_restricted(workload.pod, workload.pod_metadata)
