"""cm-tenant-node-selector-denied"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._node_examples import LINUX, RESERVED, label_in, preferred, required
from ._nodes import RESERVED_KEY, RESERVED_VALUE, asks_for
from ._tenant_examples import tenant_pod, tenant_workload, tenants_of_every_kind
from ._tenants import tenant_workloads


@rule(
    severity="medium",
    match=tenant_workloads(),
    message="{kind} {name} asks for the platform's nodes by the label {reserved_key}={reserved_value}",
    remedy="Remove the label from the selector or affinity, or move the workload to a namespace of the platform",
    controls=["Kyverno policy restrict-node-affinity", "Kyverno policy restrict-node-selection"],
    sources=["Isolate cert-manager on dedicated node pools"],
    profiles=("isolation",),
    good=[
        tenant_pod(),
        tenant_pod(nodeSelector=RESERVED, namespace="kube-system"),
        tenant_workload("Deployment", nodeSelector=RESERVED, namespace="cert-manager"),
        tenant_pod(nodeSelector={RESERVED_KEY: "tenants"}),
        tenant_pod(affinity=required(label_in(RESERVED_KEY, RESERVED_VALUE, operator="NotIn"))),
        tenant_pod(affinity=required(label_in(RESERVED_KEY, operator="DoesNotExist"))),
        tenant_pod(affinity=preferred(label_in(RESERVED_KEY, "tenants"))),
        *tenants_of_every_kind(nodeSelector=LINUX),
    ],
    bad=[
        tenant_pod(nodeSelector={**LINUX, **RESERVED}),
        tenant_pod(nodeSelector=RESERVED, namespace=None),
        tenant_pod(affinity=required(label_in("pool", "a"), label_in(RESERVED_KEY, "tenants", RESERVED_VALUE))),
        tenant_pod(affinity=required(label_in(RESERVED_KEY, operator="Exists"))),
        tenant_pod(affinity=preferred(label_in(RESERVED_KEY, RESERVED_VALUE))),
        *tenants_of_every_kind(nodeSelector=RESERVED),
    ],
)
def tenant_node_selector_denied(
    workload: Workload, reserved_key: str = RESERVED_KEY, reserved_value: str = RESERVED_VALUE
) -> Condition:
    """Only the platform's namespaces ask for the reserved nodes.

    The taint keeps such a pod out today. The selector says where it wants to be, and it gets there on the day that a node
    is reserved and not yet tainted. A preference counts too: the scheduler follows it where it can.

    Parameters:
        reserved_key: Key of the label that reserved nodes carry
        reserved_value: Value of that label
    """
    return ~asks_for(workload.pod, reserved_key, reserved_value)
