"""cm-priority-quota-exists"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, given, others, rule, where_known
from cmpolicy.kinds import ResourceQuota

from ._components import every_template
from ._examples import deployment, job, other_webhook, unlabeled
from ._quota_examples import quota, scope
from ._quotas import admits_class

_CRITICAL = "system-cluster-critical"
_CONTROLLER = deployment(priorityClassName=_CRITICAL)
_JOB = job(priorityClassName=_CRITICAL)
_QUOTA = quota("1G", scope("In", _CRITICAL))
_ROOMY = quota("99")


@rule(
    severity="medium",
    match=every_template(),
    message="no ResourceQuota in {namespace} admits the critical pods of {kind} {name}",
    remedy="Add a ResourceQuota whose scope selector is PriorityClass In [system-cluster-critical], with room in `pods`",
    controls=[
        "Kyverno policy namespace-inventory-check",
        "Kyverno policy add-ns-quota",
        "NSA: resource policies (Trivy 4.0)",
        "Learnk8s: Namespaces have ResourceQuotas",
    ],
    sources=["Priority Class Name"],
    profiles=("gke",),
    good=[
        where_known(_CONTROLLER, _QUOTA),
        where_known(_CONTROLLER, quota("8", scope("Exists"))),
        where_known(deployment(priorityClassName="system-node-critical"), quota(8, scope("Exists"))),
        where_known(_JOB, _QUOTA, {**_ROOMY, "metadata": {"name": "all", "namespace": "cert-manager"}}),
        deployment(),
        deployment(priorityClassName="high"),
        job(),
        other_webhook(),
    ],
    bad=[
        _CONTROLLER,
        where_known(_CONTROLLER, _ROOMY),
        where_known(_CONTROLLER, quota("7", scope("In", _CRITICAL))),
        where_known(_CONTROLLER, quota("1G", scope("Exists", scope_name="BestEffort"))),
        where_known(_CONTROLLER, quota("1G", scope("In", "system-node-critical"))),
        where_known(_CONTROLLER, quota("1G", scope("In", _CRITICAL), namespace="elsewhere")),
        where_known(deployment(priorityClassName="system-node-critical"), _QUOTA),
        _JOB,
        where_known(unlabeled(_CONTROLLER), _QUOTA),
    ],
)
def priority_quota_exists(workload: Workload, cluster_restricts: bool = True, min_pods: str = "8") -> Condition:
    """Where critical priority classes are restricted, a quota admits cert-manager's pods.

    Some clusters, GKE among them, let pods of a critical class run only where a ResourceQuota selects that class. Without
    one the Deployments are accepted and their pods refused, one after the other. Where no such quota is known in the
    namespace, the rule fails.

    Parameters:
        cluster_restricts: The cluster restricts critical classes; if false, the rule asks for nothing
        min_pods: Pods that the quota has to leave room for, as a quantity
    """
    wanted, quotas = workload.pod.priorityClassName, others(ResourceQuota, beside=workload)

    def is_met(priority_class: str) -> Condition:
        admitted = quotas.any(lambda quota: admits_class(quota, min_pods, priority_class))
        return (wanted == priority_class).implies(admitted)

    return given(cluster_restricts).implies(is_met(_CRITICAL) & is_met("system-node-critical"))
