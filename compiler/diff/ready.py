"""Make an object one that an API server takes: with what the schema requires, and workloads that select their pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.values import is_list
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.fields.required import required
from cmpolicy.generate.edit import Place, at, put
from cmpolicy.generate.fitting import fitting
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.values import Json, JsonMap

NAME = "app"
LABELS: JsonMap = {"app": NAME}
IMAGE = "registry.example/app:1"
_TEXTS: Mapping[str, str] = {
    "schedule": "0 0 * * *",
    "restartPolicy": "Never",
    "mountPath": "/data",
    "path": "/",
    "operator": "Exists",
    "whenUnsatisfiable": "ScheduleAnyway",
    "topologyKey": "kubernetes.io/hostname",
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "type": "Opaque",
}
"""What required texts of this name are set to; others are a name."""
_SELECTING = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
_ENDING = ("Job", "CronJob")


def ready(manifest: JsonMap, kind: ir.Kind) -> JsonMap:
    """The manifest with what an object of its kind needs; what is there stays as it is."""
    try:
        root = index.kind(str(kind))[1]
    except KeyError:
        return manifest
    made = _filled(_with_pod_spec(manifest, kind), root)
    assert isinstance(made, Mapping)
    ordered = _ordered(_with_pod(made, kind))
    assert isinstance(ordered, Mapping)
    return ordered


_FIRST = ("apiVersion", "kind", "metadata", "name", "image", "replicas", "selector", "template")


def _ordered(value: Json) -> Json:
    """The value with keys in the order in which people write them, as far as there is one."""
    match value:
        case Mapping():
            first = {key: value[key] for key in _FIRST if key in value}
            return {key: _ordered(held) for key, held in {**first, **value}.items()}
        case _ if is_list(value):
            return [_ordered(each) for each in value]
        case _:
            return value


def _with_pod_spec(manifest: Json, kind: ir.Kind) -> Json:
    """The schemas let a pod template have no spec; a server does not."""
    path = pod_path(kind)
    lacks = path is not None and at(manifest, (*path, "spec")) is None
    return put(manifest, (*path, "spec"), {}) if path is not None and lacks else manifest


def _filled(value: Json, type_: FieldType, called: str = NAME) -> Json:
    """The value with what it lacks; what lacks a name is `called` so."""
    match type_:
        case ObjectType(name) if isinstance(value, Mapping):
            fields = index.fields(name)
            lacking = [field for field in _lacking(value, name) if field in fields]
            added = {field: called if field == "name" else _new(field, fields[field].type) for field in lacking}
            whole = {**value, **added}
            inside = {
                key: _filled(held, fields[key].type, _called(key)) for key, held in whole.items() if key in fields
            }
            return {**whole, **inside}
        case ListOf(item) if is_list(value):
            return [_filled(each, item, called if n == 1 else f"{called}-{n}") for n, each in enumerate(value, 1)]
        case MapOf(inner) if isinstance(value, Mapping):
            return {key: _filled(each, inner) for key, each in value.items()}
        case _:
            return value


def _called(field: str) -> str:
    """What is called so below the field; two containers of a pod may not have one name."""
    return "init" if field == "initContainers" else NAME


def _lacking(value: JsonMap, type_name: str) -> Iterator[str]:
    asked = (*required(type_name), *(("image",) if type_name == "Container" else ()))
    return (field for field in asked if value.get(field) is None)


def _new(field: str, type_: FieldType) -> Json:
    match type_:
        case Scalar.STRING:
            return IMAGE if field == "image" else _TEXTS.get(field, NAME)
        case Scalar.INTEGER | Scalar.NUMBER | Scalar.INT_OR_STRING:
            return 1
        case Scalar.BOOLEAN:
            return False
        case Scalar.QUANTITY:
            return "1"
        case Scalar.ANY:
            return {}
        case ListOf(item):
            return [{}] if field == "containers" and isinstance(item, ObjectType) else []
        case MapOf() | ObjectType():
            return {}
        case _:
            assert_never(type_)


def _with_pod(manifest: JsonMap, kind: ir.Kind) -> JsonMap:
    path = pod_path(kind)
    if path is None:
        return manifest
    made: Json = manifest
    if kind.kind in _ENDING and at(made, (*path, "spec", "restartPolicy")) is None:
        made = put(made, (*path, "spec", "restartPolicy"), _TEXTS["restartPolicy"])
    if kind.kind in _SELECTING:
        made = _selecting(made, path)
    if kind.kind == "ReplicationController" and not at(made, (*path, "metadata", "labels")):
        made = put(made, (*path, "metadata", "labels"), at(made, ("spec", "selector")) or LABELS)
    assert isinstance(made, Mapping)
    return made


def _selecting(manifest: Json, pod: Place) -> Json:
    """The workload with a selector and labels of its pods that agree, where one of them is empty."""
    labels, selector = at(manifest, (*pod, "metadata", "labels")), at(manifest, ("spec", "selector"))
    asked = selector.get("matchLabels") if isinstance(selector, Mapping) else None
    if not isinstance(labels, Mapping) or not labels:
        labels = asked if isinstance(asked, Mapping) and asked else LABELS
        manifest = put(manifest, (*pod, "metadata", "labels"), labels)
    if not asked:
        manifest = put(manifest, ("spec", "selector", "matchLabels"), labels)
    return manifest


def is_ready(manifest: Json, kind: ir.Kind) -> bool:
    """Whether an API server would take the object, as far as types, required fields and selectors tell."""
    if not isinstance(manifest, Mapping) or not fitting(kind).fits((), manifest):
        return False
    return ready(manifest, kind) == manifest and _selects_its_pods(manifest, kind) and _has_image(manifest, kind)


def _selects_its_pods(manifest: JsonMap, kind: ir.Kind) -> bool:
    path = pod_path(kind)
    if path is None or kind.kind not in _SELECTING:
        return True
    asked, labels = at(manifest, ("spec", "selector", "matchLabels")), at(manifest, (*path, "metadata", "labels"))
    if not isinstance(asked, Mapping) or not isinstance(labels, Mapping):
        return False
    return bool(asked) and all(labels.get(key) == value for key, value in asked.items())


def _has_image(manifest: JsonMap, kind: ir.Kind) -> bool:
    """Containers are there, and each has an image, and a name of its own; none that only a running pod gets."""
    path = pod_path(kind)
    if path is None:
        return True
    containers = at(manifest, (*path, "spec", "containers"))
    if not is_list(containers) or not containers:
        return False
    if at(manifest, (*path, "spec", "ephemeralContainers")) is not None:
        return False
    initial = at(manifest, (*path, "spec", "initContainers"))
    every = [*containers, *(initial if is_list(initial) else ())]
    names = [each.get("name") for each in every if isinstance(each, Mapping) and each.get("image")]
    return len(names) == len(every) and all(names) and len(set(map(str, names))) == len(names)
