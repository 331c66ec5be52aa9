"""What the values file of the Best Practice page sets: every key, its value, and the rules that stand for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cmpolicy.values import Json

from tests.fix.chart_keys import EVERY, LONG_RUNNING

TOKEN_VOLUME: Json = {
    "name": "serviceaccount-token",
    "projected": {
        "defaultMode": 0o444,
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {
                "downwardAPI": {
                    "items": [
                        {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
                    ]
                }
            },
        ],
    },
}
TOKEN_MOUNT: Json = {
    "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
    "name": "serviceaccount-token",
    "readOnly": True,
}


def _table() -> Iterator[tuple[str, Json, str]]:
    yield "global.priorityClassName", "system-cluster-critical", "cm-priority-class"
    for prefix, replicas, rule in (
        ("", 2, "cm-controller-replicas"),
        ("webhook.", 3, "cm-webhook-replicas"),
        ("cainjector.", 2, "cm-cainjector-replicas"),
    ):
        yield f"{prefix}replicaCount", replicas, rule
    for prefix in LONG_RUNNING:
        yield f"{prefix}podDisruptionBudget.enabled", True, "cm-pdb-exists"
        yield f"{prefix}podDisruptionBudget.minAvailable", 1, "cm-pdb-exists"
    for prefix in EVERY:
        yield f"{prefix}automountServiceAccountToken", False, "cm-pod-automount-disabled"
        yield f"{prefix}serviceAccount.automountServiceAccountToken", False, "cm-sa-automount-disabled"
        yield f"{prefix}volumes", [TOKEN_VOLUME], "cm-pod-automount-disabled"
        yield f"{prefix}volumeMounts", [TOKEN_MOUNT], "cm-pod-automount-disabled"
    yield "cainjector.extraArgs", ["--namespace=cert-manager"], "cm-cainjector-namespace-scoped"
    yield "cainjector.extraArgs", ["--enable-certificates-data-source=false"], "cm-cainjector-no-certificate-source"


TABLE: tuple[tuple[str, Json, str], ...] = tuple(_table())
"""Dotted key, value (of a list: items that are in it), and the rule that asks for it on a default install."""


def page_values(table: tuple[tuple[str, Json, str], ...] = TABLE) -> Mapping[str, Json]:
    """Dotted key to value; lists that are named twice hold the items of both."""
    found: dict[str, Json] = {}
    for key, value, _ in table:
        before = found.get(key)
        found[key] = [*before, *value] if isinstance(before, list) and isinstance(value, list) else value
    return found
