"""Values of the chart, as the page sets them. What is not there is what the chart sets."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import Json, JsonMap

from ._tokens import MOUNT_PATH

PARTS = ("webhook", "cainjector", "startupapicheck")
VOLUME = "serviceaccount-token"
TOKEN: JsonMap = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}


def ca(**fields: Json) -> JsonMap:
    """The source of the cluster's CA; `fields` are more fields of its one item."""
    return {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt", **fields}]}}


CA, WRITABLE_CA = ca(), ca(mode=420)
_FIELD: JsonMap = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
NAMESPACE: JsonMap = {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": _FIELD}]}}


def token_volume(*sources: JsonMap, name: str = VOLUME, mode: Json = 0o444) -> JsonMap:
    """The page's volume, or one of other sources, another name or mode; `mode=None` leaves the mode out."""
    projected: JsonMap = {"sources": list(sources or (TOKEN, CA, NAMESPACE))}
    return {"name": name, "projected": {**projected, **({} if mode is None else {"defaultMode": mode})}}


def lasting(seconds: Json) -> JsonMap:
    """The page's volume with a token of another lifetime; `None` leaves it out."""
    token: JsonMap = {"path": "token", **({} if seconds is None else {"expirationSeconds": seconds})}
    return token_volume({"serviceAccountToken": token}, CA, NAMESPACE)


def mount(**fields: Json) -> JsonMap:
    """The page's mount; `fields` replaces some of its fields, and those that are None are left out."""
    merged: JsonMap = {"mountPath": MOUNT_PATH, "name": VOLUME, "readOnly": True, **fields}
    return {name: value for name, value in merged.items() if value is not None}


def brought(**fields: Json) -> JsonMap:
    """What the page sets of a component for its token; `fields` replaces some."""
    return {"automountServiceAccountToken": False, "volumes": [token_volume()], "volumeMounts": [mount()], **fields}


OFF: JsonMap = {"enabled": False}
BUDGET: JsonMap = {"podDisruptionBudget": {"enabled": True}}
POLICY: JsonMap = {"networkPolicy": {"enabled": True}}
POD_MOUNTS_NOTHING: JsonMap = {"automountServiceAccountToken": False}
ACCOUNT_MOUNTS_NOTHING: JsonMap = {"serviceAccount": {"automountServiceAccountToken": False}}


def values(**root: Json) -> JsonMap:
    """These values."""
    return {
        "apiVersion": "cmpolicy.dev/v1",
        "kind": "CertManagerValues",
        "metadata": {"name": "values.yaml"},
        **root,
    }


def each(part: Mapping[str, Json], **others: JsonMap) -> JsonMap:
    """The same for every component; `others` replaces the parts of some."""
    return values(**{**part, **dict.fromkeys(PARTS, part), **others})


def all_but_the_check(part: Mapping[str, Json], **others: JsonMap) -> JsonMap:
    """The same for every component that has a Deployment; the chart takes it of no other."""
    return values(**{**part, "webhook": part, "cainjector": part, **others})
