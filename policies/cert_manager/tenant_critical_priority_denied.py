"""cm-tenant-critical-priority-denied"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Workload, rule

from ._tenant_examples import tenant_pod, tenant_workload, tenants_of_every_kind
from ._tenants import tenant_workloads

_CLUSTER, _NODE = "system-cluster-critical", "system-node-critical"


@rule(
    severity="medium",
    match=tenant_workloads(),
    message="{kind} {name} takes the priority class {workload.pod.priorityClassName} of the platform",
    remedy="Give the workload a priority class of its own, or name its namespace in `platform_namespaces`",
    controls=["Kyverno policy allowed-podpriorities"],
    sources=["Priority Class Name"],
    good=[
        tenant_pod(),
        tenant_pod(priorityClassName=_NODE, namespace="kube-system"),
        tenant_workload("Deployment", priorityClassName=_CLUSTER, namespace="cert-manager"),
        tenant_pod(priorityClassName="system-cluster-critical-too"),
        *tenants_of_every_kind(priorityClassName="shop-first"),
    ],
    bad=[
        tenant_pod(priorityClassName=_CLUSTER),
        tenant_pod(priorityClassName=_CLUSTER, namespace=None),
        tenant_workload("Deployment", priorityClassName=_CLUSTER, namespace="default"),
        *tenants_of_every_kind(priorityClassName=_NODE),
    ],
)
def tenant_critical_priority_denied(workload: Workload, classes: Sequence[str] = (_CLUSTER, _NODE)) -> Condition:
    """Only the platform's namespaces use the critical priority classes.

    The class protects cert-manager only while few pods have it. A tenant who takes it for a batch job preempts
    cert-manager's pods, or at least competes with them, when a node runs short. Add-ons that need the class, such as a
    network plugin, are part of the platform: name their namespaces.

    Parameters:
        classes: Priority classes of the platform
    """
    return ~workload.pod.priorityClassName.is_in(classes)
