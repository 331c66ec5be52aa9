"""Namespaces."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def namespace(labels: Json, *, name: str = "cert-manager") -> JsonMap:
    """A Namespace with these labels."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
