"""Roles and ClusterRoles."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

EVERYTHING: JsonMap = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
AGGREGATED: JsonMap = {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}


def grant(resource: str, *verbs: str, group: str = "cert-manager.io", names: Json = None) -> JsonMap:
    """A rule of a role: these verbs on a resource of cert-manager's, and on those of these names alone."""
    named: JsonMap = {} if names is None else {"resourceNames": names}
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs), **named}


def cluster_role(*rules: JsonMap, name: str = "platform", labels: Json = None) -> JsonMap:
    """A ClusterRole with these rules."""
    labeled: JsonMap = {} if labels is None else {"labels": labels}
    metadata: JsonMap = {"name": name, **labeled}
    return {**_role(*rules), "kind": "ClusterRole", "metadata": metadata}


def role(*rules: JsonMap, name: str = "team", namespace: str = "shop") -> JsonMap:
    """A Role with these rules."""
    return {**_role(*rules), "kind": "Role", "metadata": {"name": name, "namespace": namespace}}


def _role(*rules: JsonMap) -> JsonMap:
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "rules": list(rules)}


def acme_grant(resource: str, *verbs: str) -> JsonMap:
    """The same of ACME's resources."""
    return grant(resource, *verbs, group="acme.cert-manager.io")


def token_role(*names: str, resource: str = "serviceaccounts/token", namespace: str = "cert-manager") -> JsonMap:
    """A Role that makes tokens, for the ServiceAccounts of these names or for all."""
    named = list(names) or None
    return role(grant(resource, "create", group="", names=named), name="tokenrequest", namespace=namespace)
