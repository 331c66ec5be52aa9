"""Secrets that hold the token of a ServiceAccount."""

from __future__ import annotations

from cmpolicy.values import JsonMap

LEGACY = "kubernetes.io/service-account-token"


def secret(account: str | None, *, kind: str = LEGACY, namespace: str = "cert-manager") -> JsonMap:
    """A Secret of this type, bound to this ServiceAccount if there is one."""
    annotations: JsonMap = {} if account is None else {"kubernetes.io/service-account.name": account}
    metadata: JsonMap = {"name": "token", "namespace": namespace, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": kind}
