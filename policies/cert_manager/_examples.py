"""Small manifests that the rules' examples are made of."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def deployment(component: str, *, replicas: int | None = 1, namespace: str = "cert-manager", **spec: Json) -> JsonMap:
    """A Deployment of a component; `replicas=None` leaves the field out, `spec` adds fields beside it."""
    name = "cert-manager" if component == "controller" else f"cert-manager-{component}"
    labels = {
        "app.kubernetes.io/name": "cert-manager" if component == "controller" else component,
        "app.kubernetes.io/component": component,
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {**({} if replicas is None else {"replicas": replicas}), **spec},
    }
