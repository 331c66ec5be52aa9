"""cm-tenant-toleration-denied"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, in_namespaces, match, parameter, rule
from cmpolicy.kinds import (
    CronJob,
    DaemonSet,
    Deployment,
    Job,
    Pod,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
)

from ._node_examples import toleration
from ._nodes import RESERVED_KEY, RESERVED_VALUE, tolerates
from ._tenant_examples import cron_job, tenant_pod, tenant_workload

_PLATFORM = parameter("platform_namespaces", ["kube-system", "cert-manager"], "Namespaces that may use reserved nodes")
_TEMPLATED = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController")
_WORKLOADS = (Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController)


@rule(
    severity="high",
    match=match(*_WORKLOADS).excluding(in_namespaces(_PLATFORM)),
    message="{kind} {name} tolerates the taint {reserved_key}={reserved_value}:{taint_effect} of the platform's nodes",
    remedy="Remove the toleration, or move the workload to a namespace of the platform",
    controls=["Kyverno policy restrict-controlplane-scheduling"],
    sources=["Isolate cert-manager on dedicated node pools"],
    profiles=("isolation",),
    good=[
        tenant_pod(),
        tenant_pod(toleration(), namespace="kube-system"),
        tenant_workload("Deployment", toleration(), namespace="cert-manager"),
        tenant_pod(toleration(value="tenants")),
        tenant_pod(toleration(effect="NoSchedule")),
        tenant_pod(toleration(key="node.kubernetes.io/unreachable", operator="Exists", value=None)),
        *(tenant_workload(kind, toleration(key="spot")) for kind in _TEMPLATED),
        cron_job(toleration(key="spot")),
    ],
    bad=[
        tenant_pod(toleration()),
        tenant_pod(toleration(), namespace=None),
        tenant_pod(toleration(operator="Exists", value=None, effect="NoExecute")),
        tenant_pod(toleration(effect="NoExecute", tolerationSeconds=300)),
        tenant_pod(toleration(key="spot"), {"operator": "Exists"}),
        *(tenant_workload(kind, toleration()) for kind in _TEMPLATED),
        cron_job(toleration()),
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
