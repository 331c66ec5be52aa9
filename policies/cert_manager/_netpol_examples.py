"""NetworkPolicies."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def network_policy(match_labels: Json = None, *, namespace: str = "cert-manager", **spec: Json) -> JsonMap:
    """A NetworkPolicy for the pods with these labels, None for every pod; `spec` adds to its spec."""
    selector: JsonMap = {} if match_labels is None else {"matchLabels": match_labels}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "policy", "namespace": namespace},
        "spec": {"podSelector": selector, **spec},
    }
