"""Roles of either kind, and what they grant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from cmpolicy.dsl import Condition, match
from cmpolicy.kinds import ClusterRole, PolicyRule, Role

AnyRole: TypeAlias = "Role | ClusterRole"

ROLES = match(Role, ClusterRole).excluding(lambda role: role.metadata.name.starts_with("system:"))
"""Every role but those of Kubernetes itself, some of which may do everything."""
GROUP, ACME_GROUP = "cert-manager.io", "acme.cert-manager.io"
WRITE = ("create", "update", "patch")


def grants(rule: PolicyRule, resources: Sequence[str], verbs: Sequence[str], group: str = GROUP) -> Condition:
    """The rule allows one of these verbs on one of these resources of an API group, by name or by wildcard."""
    in_group = rule.apiGroups.any(lambda each: each.is_in([group, "*"]))
    on_resource = rule.resources.any(lambda each: each.is_in([*resources, "*"]))
    return in_group & on_resource & rule.verbs.any(lambda each: each.is_in([*verbs, "*"]))


def is_aggregated(role: AnyRole) -> Condition:
    """Kubernetes adds its rules to another role, such as `edit`, which people are given for other reasons."""
    prefix = "rbac.authorization.k8s.io/aggregate-to-"
    return role.metadata.labels.any(lambda key, value: key.starts_with(prefix) & (value == "true"))
