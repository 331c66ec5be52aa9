"""The objects that cases are made from: the rule's examples, moved to each of its kinds, and a bare one."""

from __future__ import annotations

from collections.abc import Mapping

from cmpolicy import ir
from cmpolicy.generate.edit import at, put
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.values import Json, JsonMap

POD: JsonMap = {
    "metadata": {"labels": {"app": "app"}},
    "spec": {"containers": [{"name": "main", "image": "registry.example/app:1"}]},
}


def skeleton(kind: ir.Kind) -> JsonMap:
    """An object of this kind with a name, a namespace where it has one, and a pod where it carries one."""
    place = {"namespace": "sample"} if kind.namespaced else {}
    made: JsonMap = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "app", **place}}
    return with_pod(made, kind, POD)


def with_pod(manifest: JsonMap, kind: ir.Kind, pod: JsonMap) -> JsonMap:
    """The manifest with this pod's spec and labels where its kind carries a pod; itself if it carries none."""
    path = pod_path(kind)
    if path is None:
        return manifest
    made: Json = put(manifest, (*path, "spec"), pod.get("spec"))
    if (labels := at(pod, ("metadata", "labels"))) is not None:
        made = put(made, (*path, "metadata", "labels"), labels)
    assert isinstance(made, Mapping)
    return made


def bases(rule: ir.Rule, kind: ir.Kind) -> tuple[JsonMap, ...]:
    """The rule's examples of this kind, or else those of its other kinds with their pods moved to this one; a bare one."""
    examples = [_named(example.object) for example in (*rule.about.good, *rule.about.bad)]
    own = [example for example in examples if _is_of(example, kind)]
    moved = [_moved(example, of, kind) for example in examples for of in rule.kinds if _is_of(example, of)]
    return (*(own or moved), skeleton(kind))


def _named(manifest: JsonMap) -> JsonMap:
    """The manifest with a name: engines cannot be given it without one."""
    metadata = manifest.get("metadata")
    named = metadata if isinstance(metadata, Mapping) else {}
    name = named.get("name")
    return manifest if isinstance(name, str) and name else {**manifest, "metadata": {**named, "name": "app"}}


def _is_of(manifest: JsonMap, kind: ir.Kind) -> bool:
    return manifest.get("apiVersion") == kind.api_version and manifest.get("kind") == kind.kind


def _moved(manifest: JsonMap, of: ir.Kind, kind: ir.Kind) -> JsonMap:
    made: JsonMap = {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": manifest["metadata"]}
    path = pod_path(of)
    pod = None if path is None else at(manifest, path)
    return with_pod(made, kind, pod) if isinstance(pod, Mapping) else {**manifest, **made}
