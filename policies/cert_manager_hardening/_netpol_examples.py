"""NetworkPolicies as the chart and its tests have them."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

CHART_PORTS = (("TCP", 80), ("TCP", 443), ("TCP", 53), ("UDP", 53), ("TCP", 6443))
"""What the chart lets every component connect to, at any server."""
DEFAULT: list[Json] = [{"port": port, "protocol": protocol} for protocol, port in CHART_PORTS]


def namespace_named(name: str) -> JsonMap:
    """A peer: the pods of this namespace."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def namespace_among(*names: str) -> JsonMap:
    """A peer: the pods of these namespaces."""
    expression: JsonMap = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(names)}
    return {"namespaceSelector": {"matchExpressions": [expression]}}
