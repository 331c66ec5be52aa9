"""Kinds that rules read and a bare API server does not serve, as CRDs without a schema."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.tree import known_kinds

from tests.cluster.api_server import Cluster
from tests.cluster.processes import wait_until
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
    wait_until("kinds are served", lambda: all(_is_served(cluster, kind) for kind in lacking))


def _is_served(cluster: Cluster, kind: Kind) -> bool:
    found = cluster.get(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.plural}.{kind.group}")
    conditions = found.get("status", {}).get("conditions") or ()
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


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
