"""Objects that ask the cainjector for a CA bundle."""

from __future__ import annotations

from cmpolicy.values import JsonMap


def annotated(kind: str, name: str, annotation: str, value: str) -> JsonMap:
    """A cluster-scoped object that asks for a CA bundle."""
    group = {"APIService": "apiregistration", "CustomResourceDefinition": "apiextensions"}.get(kind)
    return {
        "apiVersion": f"{group or 'admissionregistration'}.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name, "annotations": {annotation: value}},
    }
