"""Pods that answer HTTP01 challenges, and the policies beside them."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._cert_manager import network_policy

_LABELS: JsonMap = {"acme.cert-manager.io/http01-solver": "true"}


def solver() -> JsonMap:
    """A Pod that answers a challenge in the namespace of a shop."""
    image = "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"
    container: JsonMap = {"name": "acmesolver", "image": image, "ports": [{"name": "http", "containerPort": 8089}]}
    metadata: JsonMap = {"name": "cm-acme-http-solver-x", "namespace": "shop", "labels": _LABELS}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


def solvers_in(*rules: JsonMap) -> JsonMap:
    """A policy that lets these rules' peers in to the solvers of the shop's namespace."""
    return ingress_in(*rules, labels=_LABELS)


def ingress_in(*rules: JsonMap, labels: Json = None, namespace: str = "shop") -> JsonMap:
    """The same for the pods with these labels, for all with None, in a namespace."""
    return network_policy(labels, namespace=namespace, policyTypes=["Ingress"], ingress=list(rules))


def from_(*peers: JsonMap, ports: list[Json] | None = None) -> JsonMap:
    """A rule for what comes from these peers, to these ports or to all."""
    return {"from": list(peers), **({} if ports is None else {"ports": ports})}


DENY: JsonMap = {**ingress_in(), "metadata": {"name": "deny", "namespace": "shop"}}
EVERYTHING_OUT: JsonMap = {
    **network_policy(None, namespace="shop", policyTypes=["Egress"], egress=[{}], ingress=[{}]),
    "metadata": {"name": "out", "namespace": "shop"},
}
