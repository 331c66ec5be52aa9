"""ResourceQuotas that admit pods of a priority class."""

from __future__ import annotations

from cmpolicy.dsl import Condition
from cmpolicy.kinds import ResourceQuota, ScopedResourceSelectorRequirement


def admits_class(quota: ResourceQuota, min_pods: str, priority_class: str) -> Condition:
    """It selects the class, alone or among others, and leaves room for this many pods."""

    def on_class(scope: ScopedResourceSelectorRequirement) -> Condition:
        return scope.scopeName == "PriorityClass"

    def admits(scope: ScopedResourceSelectorRequirement) -> Condition:
        names_it = (scope.operator == "In") & scope.values.contains(priority_class)
        return names_it | (scope.operator == "Exists")

    scopes = quota.spec.scopeSelector.matchExpressions.where(on_class)
    return ~scopes.is_empty() & scopes.all(admits) & (quota.spec.hard["pods"] >= min_pods)
