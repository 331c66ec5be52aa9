"""Objects that the rule's match just misses, and those at its edges: other groups, lists, namespaces, no name."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy import ir
from cmpolicy.generate.case import Case
from cmpolicy.generate.edit import drop, put
from cmpolicy.values import Json, JsonMap


def neighbours(manifest: JsonMap, kind: ir.Kind) -> list[Case]:
    """The manifest, of this kind, as other kinds of object and in other namespaces."""
    made: dict[str, Json] = {
        **{f"as {api} {name}": {**manifest, "apiVersion": api, "kind": name} for api, name in _other_kinds(kind)},
        "in a List": {"apiVersion": "v1", "kind": "List", "metadata": {"name": "app"}, "items": [manifest]},
        "with generateName": put(manifest, ("metadata", "generateName"), "app-"),
        "without namespace": drop(manifest, ("metadata", "namespace")),
        **{f"in namespace `{name}`": put(manifest, ("metadata", "namespace"), name) for name in NAMESPACES},
        "without identity: no kind": drop(manifest, ("kind",)),
        "without identity: no apiVersion": drop(manifest, ("apiVersion",)),
        "without identity: only generateName": put(manifest, ("metadata",), _only_generate_name(manifest)),
    }
    return [Case(value, label=f"match: {label}") for label, value in made.items()]


NAMESPACES = ("", "default", "kube-system", "kube-public", "Default", "other")


def _other_kinds(kind: ir.Kind) -> list[tuple[str, str]]:
    """The same kind's name in other groups and versions, and other kinds in its group."""
    groups = ["extensions/v1beta1", "example.com/v1", "v1", "apps/v1", f"{kind.group}.example.com/v1".lstrip(".")]
    versions = [f"{kind.group}/{version}".lstrip("/") for version in ("v1beta1", "v1alpha1", "v2")]
    names = ["ConfigMap", "Scale", kind.kind.lower(), kind.kind.upper(), f"{kind.kind}s", f"{kind.kind}List"]
    others = [*((api, kind.kind) for api in (*groups, *versions)), *((kind.api_version, name) for name in names)]
    return [other for other in others if other != (kind.api_version, kind.kind)]


def _only_generate_name(manifest: JsonMap) -> Json:
    metadata = manifest.get("metadata")
    kept = metadata if isinstance(metadata, Mapping) else {}
    return {**{key: value for key, value in kept.items() if key != "name"}, "generateName": "app-"}
