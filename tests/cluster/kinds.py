"""Kinds that rules read and a bare API server does not serve, as CRDs without a schema."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.tree import known_kinds

from tests.cluster.api_server import Cluster
from tests.cluster.shipped import Document, apply


def kinds_of(rules: Iterable[Rule]) -> set[Kind]:
    """Every kind that the rules match or look up, but Helm values."""
    return {kind for rule in rules for kind in (*rule.kinds, *known_kinds(rule)) if not kind.is_local}


def serve(cluster: Cluster, kinds: Iterable[Kind]) -> None:
    """Make the cluster serve those of the kinds that it does not know, and wait until it does."""
    groups = {each["name"] for each in cluster.get("/apis")["groups"]} | {""}
    lacking = [kind for kind in kinds if kind.group not in groups]
    if not lacking:
        return
    apply(cluster, map(crd, sorted(lacking, key=str)))
    names = [crd(kind)["metadata"]["name"] for kind in lacking]
    cluster.good("wait", "--for=condition=Established", "--timeout=60s", "crd", *names)


def crd(kind: Kind) -> Document:
    """The CRD of a kind in which every field is allowed."""
    free = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": free, "status": free}}
    version = {
        "name": kind.version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {**schema, "x-kubernetes-preserve-unknown-fields": True}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "names": {"kind": kind.kind, "plural": kind.plural, "singular": kind.kind.lower()},
            "versions": [version],
        },
    }
