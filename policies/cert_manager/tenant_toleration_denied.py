"""cm-tenant-toleration-denied"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._node_examples import toleration
from ._nodes import RESERVED_KEY, RESERVED_VALUE, tolerates
from ._tenant_examples import tenant_pod, tenant_workload, tenants_of_every_kind
from ._tenants import tenant_workloads


@rule(
    severity="high",
    match=tenant_workloads(),
    message="{kind} {name} tolerates the taint {reserved_key}={reserved_value}:{taint_effect} of the platform's nodes",
    remedy="Remove the toleration, or move the workload to a namespace of the platform",
    controls=["Kyverno policy restrict-controlplane-scheduling"],
    sources=["Isolate cert-manager on dedicated node pools"],
    profiles=("isolation",),
    good=[
        tenant_pod(),
        tenant_pod(tolerations=[toleration()], namespace="kube-system"),
        tenant_workload("Deployment", tolerations=[toleration()], namespace="cert-manager"),
        tenant_pod(tolerations=[toleration(value="tenants")]),
        tenant_pod(tolerations=[toleration(effect="NoSchedule")]),
        tenant_pod(tolerations=[toleration(key="node.kubernetes.io/unreachable", operator="Exists", value=None)]),
        *tenants_of_every_kind(tolerations=[toleration(key="spot")]),
    ],
    bad=[
        tenant_pod(tolerations=[toleration()]),
        tenant_pod(tolerations=[toleration()], namespace=None),
        tenant_pod(tolerations=[toleration(operator="Exists", value=None, effect="NoExecute")]),
        tenant_pod(tolerations=[toleration(effect="NoExecute", tolerationSeconds=300)]),
        tenant_pod(tolerations=[toleration(key="spot"), {"operator": "Exists"}]),
        *tenants_of_every_kind(tolerations=[toleration()]),
    ],
)
def tenant_toleration_denied(
    workload: Workload,
    reserved_key: str = RESERVED_KEY,
    reserved_value: str = RESERVED_VALUE,
    taint_effect: str = "NoExecute",
) -> Condition:
    """Only the platform's namespaces tolerate the taint of the reserved nodes.

    A taint keeps pods away only if they cannot tolerate it at will. A tenant who adds the toleration, or one for every
    taint, gets next to cert-manager on the reserved nodes, if only for the seconds that the toleration lasts.

    Parameters:
        reserved_key: Key of the taint that reserved nodes carry
        reserved_value: Value of that taint
        taint_effect: Effect of that taint
    """
    return workload.pod.tolerations.none(
        lambda toleration: tolerates(toleration, reserved_key, reserved_value, taint_effect)
    )
