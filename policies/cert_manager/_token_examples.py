"""Pods that mount their ServiceAccount's token themselves, as the best-practice values make them."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import container, deployment
from ._tokens import MOUNT_PATH

VOLUME = "serviceaccount-token"
TOKEN: JsonMap = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}
CA: JsonMap = {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}
NAMESPACE_REF: JsonMap = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
NAMESPACE: JsonMap = {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": NAMESPACE_REF}]}}
OTHER_VOLUME: JsonMap = {"name": "tmp", "emptyDir": {}}


def token(**fields: Json) -> JsonMap:
    """The token's source; a field that is None is left out, others replace its own."""
    merged: JsonMap = {"expirationSeconds": 3607, "path": "token", **fields}
    return {"serviceAccountToken": {name: value for name, value in merged.items() if value is not None}}


def token_volume(*sources: JsonMap, name: str = VOLUME, mode: Json = 292) -> JsonMap:
    """A token volume of these sources, by default the usual three; `mode=None` leaves the mode out."""
    projected: JsonMap = {"sources": list(sources or (TOKEN, CA, NAMESPACE))}
    return {"name": name, "projected": {**projected, **({} if mode is None else {"defaultMode": mode})}}


def mount(**fields: Json) -> JsonMap:
    """The mount of the token volume; a field that is None is left out, others replace its own."""
    merged: JsonMap = {"mountPath": MOUNT_PATH, "name": VOLUME, "readOnly": True, **fields}
    return {name: value for name, value in merged.items() if value is not None}


def mounting(*mounts: JsonMap, component: str = "controller") -> JsonMap:
    """A component's container with these mounts, by default the token's."""
    return container(component, volumeMounts=list(mounts or (mount(),)))


def explicit_pod(component: str = "controller", **fields: Json) -> JsonMap:
    """The fields of a pod that mounts the token itself; `fields` replaces some."""
    return {
        "automountServiceAccountToken": False,
        "volumes": [token_volume()],
        "containers": [mounting(component=component)],
        **fields,
    }


def explicit(component: str = "controller", **fields: Json) -> JsonMap:
    """A component's Deployment whose pods mount the token themselves; `fields` replaces some of the pod's."""
    return deployment(component, **explicit_pod(component, **fields))
