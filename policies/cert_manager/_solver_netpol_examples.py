"""Pods that answer ACME challenges, and the policies beside them."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._netpol_examples import network_policy
from ._network_examples import ingress

SOLVER_LABELS: dict[str, str] = {"acme.cert-manager.io/http01-solver": "true"}


def solver(labels: JsonMap | None = None, *, port: Json = 8089) -> JsonMap:
    """A Pod that answers a challenge in the namespace of a shop."""
    image = "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"
    container: JsonMap = {"name": "acmesolver", "image": image, "ports": [{"name": "http", "containerPort": port}]}
    metadata: JsonMap = {"name": "cm-acme-http-solver-x", "namespace": "shop", "labels": labels or {**SOLVER_LABELS}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


def solvers_in(*rules: JsonMap, name: str = "policy") -> JsonMap:
    """A policy for the solvers of the shop's namespace."""
    return network_policy({**SOLVER_LABELS}, namespace="shop", name=name, policyTypes=["Ingress"], ingress=list(rules))


DENY_IN_SHOP = ingress(component=None, namespace="shop", name="deny")
