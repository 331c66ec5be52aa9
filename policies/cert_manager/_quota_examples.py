"""ResourceQuotas, as the page shows one for clusters that restrict critical priority classes."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def quota(pods: Json, *scopes: JsonMap, namespace: str = "cert-manager", **hard: Json) -> JsonMap:
    """A ResourceQuota for this many pods; without scopes it has no selector; `hard` adds limits."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "cert-manager-critical-pods", "namespace": namespace},
        "spec": {
            "hard": {**({} if pods is None else {"pods": pods}), **hard},
            **({"scopeSelector": {"matchExpressions": list(scopes)}} if scopes else {}),
        },
    }


def scope(operator: str, *values: str, scope_name: str = "PriorityClass") -> JsonMap:
    """One expression of a scope selector; without values it has none."""
    return {"scopeName": scope_name, "operator": operator, **({"values": list(values)} if values else {})}
