"""NetworkPolicies."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

ANYWHERE: JsonMap = {"ipBlock": {"cidr": "0.0.0.0/0"}}
MONITORING: JsonMap = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}


def ports(*ports: int | str) -> list[Json]:
    """The ports of a rule, by name or number."""
    return [{"port": port, "protocol": "TCP"} for port in ports]


def ingress(*rules: JsonMap, labels: Json = None) -> JsonMap:
    """An ingress policy with these rules for the pods with these labels, None for every pod."""
    return network_policy(labels, policyTypes=["Ingress"], ingress=list(rules))


def egress(*rules: JsonMap, labels: Json = None) -> JsonMap:
    """An egress policy with these rules for the pods with these labels, None for every pod."""
    return network_policy(labels, policyTypes=["Egress"], egress=list(rules))


def network_policy(
    match_labels: Json = None, *, namespace: str = "cert-manager", name: str = "policy", **spec: Json
) -> JsonMap:
    """A NetworkPolicy for the pods with these labels, None for every pod; `spec` adds to its spec."""
    selector: JsonMap = {} if match_labels is None else {"matchLabels": match_labels}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": selector, **spec},
    }
