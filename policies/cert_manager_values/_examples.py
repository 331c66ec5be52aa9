"""Values of the chart, as the page sets them."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy.values import Json, JsonMap

PARTS = ("webhook", "cainjector", "startupapicheck")
MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


def token_volume(mode: Json = 292, expiry: Json = 3607) -> JsonMap:
    """The volume of the page, with a mode and an expiry."""
    token: JsonMap = {"path": "token", **({} if expiry is None else {"expirationSeconds": expiry})}
    items: list[Json] = [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]
    sources: list[Json] = [
        {"serviceAccountToken": token},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": items}},
    ]
    return {"name": "serviceaccount-token", "projected": {"defaultMode": mode, "sources": sources}}


def mount(**fields: Json) -> JsonMap:
    """The mount of the page; `fields` replaces some of its fields."""
    return {"mountPath": MOUNT_PATH, "name": "serviceaccount-token", "readOnly": True, **fields}


BROUGHT: JsonMap = {"automountServiceAccountToken": False, "volumes": [token_volume()], "volumeMounts": [mount()]}
"""What the page sets for the token of a component."""


BUDGETS: JsonMap = {"podDisruptionBudget": {"enabled": True}}
POLICIES: JsonMap = {"networkPolicy": {"enabled": True}}
POD_MOUNTS_NOTHING: JsonMap = {"automountServiceAccountToken": False}
ACCOUNT_MOUNTS_NOTHING: JsonMap = {"serviceAccount": {"automountServiceAccountToken": False}}


def values(**root: Json) -> JsonMap:
    """A values file."""
    return {
        "apiVersion": "cmpolicy.dev/v1",
        "kind": "CertManagerValues",
        "metadata": {"name": "values.yaml"},
        **root,
    }


def each(part: Mapping[str, Json], **other: JsonMap) -> JsonMap:
    """The same for every component; `other` replaces the part of some."""
    return values(**{**part, **dict.fromkeys(PARTS, part), **other})
