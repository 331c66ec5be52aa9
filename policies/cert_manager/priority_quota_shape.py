"""cm-priority-quota-shape"""

from __future__ import annotations

from cmpolicy.dsl import Condition, in_namespaces, match, rule, text_of, value_of
from cmpolicy.kinds import ResourceQuota

from ._components import NAMESPACES
from ._fix_manifests import critical_pods_quota
from ._quota_examples import quota, scope
from ._quotas import admits_class


def concerns_pods(quota: ResourceQuota) -> Condition:
    """It counts pods or selects a scope."""
    return quota.spec.hard.has("pods") | quota.spec.scopeSelector.exists()


@rule(
    severity="low",
    match=match(ResourceQuota).where(in_namespaces(NAMESPACES), concerns_pods),
    message="ResourceQuota {name} does not admit {min_pods} pods of the priority class {priority_class}",
    remedy="Select the scope PriorityClass with the operator In and the class among its values, and raise `hard.pods`",
    fix_manifests=[critical_pods_quota(text_of("{name}"), value_of("priority_class"))],
    sources=["Priority Class Name"],
    profiles=("gke",),
    good=[
        quota("1G", scope("In", "system-node-critical", "system-cluster-critical")),
        quota("8", scope("In", "system-cluster-critical")),
        quota(8, scope("Exists")),
        quota("10", scope("Exists", scope_name="NotBestEffort"), scope("In", "system-cluster-critical")),
        quota("1", namespace="elsewhere"),
        quota(None, cpu="4"),
    ],
    bad=[
        quota("7", scope("In", "system-cluster-critical")),
        quota(None, scope("In", "system-cluster-critical")),
        quota("many", scope("In", "system-cluster-critical")),
        quota("1G"),
        quota("1G", scope("Exists", scope_name="BestEffort")),
        quota("1G", scope("In", "system-node-critical")),
        quota("1G", scope("NotIn", "system-cluster-critical")),
        quota("1G", scope("In")),
        quota("1G", scope("Exists"), scope("DoesNotExist")),
    ],
)
def priority_quota_shape(
    quota: ResourceQuota, min_pods: str = "8", priority_class: str = "system-cluster-critical"
) -> Condition:
    """A quota on cert-manager's pods admits pods of its priority class.

    Where the API server admits a critical class only under a quota that selects it, a quota of another scope, or one
    for too few pods, keeps every cert-manager pod from being made: the Deployments are accepted and stay empty. A quota
    that neither counts pods nor selects a scope has nothing to do with it.

    Parameters:
        min_pods: Pods that the quota has to leave room for, as a quantity
        priority_class: The priority class of cert-manager's pods
    """
    return admits_class(quota, min_pods, priority_class)
