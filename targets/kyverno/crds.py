"""What Kyverno's command line has to be told of kinds that are not Kubernetes' own, to judge them by the API server's policies."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.fields.index import is_custom
from cmpolicy.values import Json, JsonMap


def custom(rule: ir.Rule) -> tuple[ir.Kind, ...]:
    """The kinds that the rule looks at and that clusters get from others."""
    return tuple(filter(is_custom, rule.kinds))


def definition(kind: ir.Kind) -> JsonMap:
    """A CustomResourceDefinition of the kind that takes every object."""
    schema: JsonMap = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version: JsonMap = {"name": kind.version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "names": {"kind": kind.kind, "plural": kind.plural},
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "versions": [version],
        },
    }


def cluster(namespace: str, *definitions: str) -> JsonMap:
    """The cluster of a test: a namespace, without which nothing is judged, and the files of definitions."""
    resources: list[Json] = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}]
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "ClusterResource",
        "metadata": {"name": "cluster"},
        "spec": {"crds": list(definitions), "resources": resources},
    }
