"""ResourceQuotas, as the page shows one for clusters that restrict critical priority classes."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import Json, JsonMap

from ._examples import NOTHING


def quota(pods: Json, *scopes: JsonMap, namespace: str = "cert-manager", hard: Mapping[str, Json] = NOTHING) -> JsonMap:
    """A ResourceQuota for this many pods; without scopes it has no selector."""
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
