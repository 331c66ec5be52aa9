"""A Pod that passes every rule of this pack, and changes to it."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def container(**changes: Json) -> JsonMap:
    """A container that passes every rule, but for these fields."""
    return {
        "name": "checkout",
        "image": "registry.example.com/checkout/server:1.2.3",
        "imagePullPolicy": "IfNotPresent",
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        **changes,
    }


def pod(**changes: Json) -> JsonMap:
    """A Pod that passes every rule, but for these fields of its spec."""
    spec: JsonMap = {
        "automountServiceAccountToken": False,
        "serviceAccountName": "checkout",
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container()],
        **changes,
    }
    metadata: JsonMap = {"name": "checkout", "namespace": "shop", "labels": {"example.com/team": "shop"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
