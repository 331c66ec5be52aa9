"""HorizontalPodAutoscalers."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def autoscaler(target: str, *, kind: str = "Deployment", namespace: str = "cert-manager", **spec: Json) -> JsonMap:
    """An autoscaler of the object with this name; `spec` adds to its spec."""
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "autoscaler", "namespace": namespace},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": kind, "name": target},
            "maxReplicas": 10,
            **spec,
        },
    }
