"""Kinds, values and manifests that sample rules are made of."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.values import Json, JsonMap

DEPLOYMENT = ir.Kind("apps", "v1", "Deployment", "deployments", namespaced=True)
DAEMON_SET = ir.Kind("apps", "v1", "DaemonSet", "daemonsets", namespaced=True)
POD = ir.Kind("", "v1", "Pod", "pods", namespaced=True)
CRON_JOB = ir.Kind("batch", "v1", "CronJob", "cronjobs", namespaced=True)
CONFIG_MAP = ir.Kind("", "v1", "ConfigMap", "configmaps", namespaced=True)
NAMESPACE = ir.Kind("", "v1", "Namespace", "namespaces", namespaced=False)
PRIORITY_CLASS = ir.Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", namespaced=False)
PDB = ir.Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", namespaced=True)

WRITES = (ir.Operation.CREATE, ir.Operation.UPDATE)
COMPONENT = "app.kubernetes.io/component"


def path(base: ir.Value, *keys: str) -> ir.Value:
    """`base[k1][k2]...`"""
    for key in keys:
        base = ir.Get(base, key)
    return base


def obj(*keys: str) -> ir.Value:
    """A path from the object."""
    return path(ir.Obj(), *keys)


def pod(*keys: str) -> ir.Value:
    """A path from the pod spec."""
    return path(ir.PodSpec(), *keys)


def var(name: str, *keys: str) -> ir.Value:
    """A path from a bound variable."""
    return path(ir.Var(name), *keys)


def eq(left: ir.Value, right: ir.Constant) -> ir.Eq:
    """Equality with a constant."""
    return ir.Eq(left, ir.Const(right))


CONTAINERS = ir.Concat((ir.Elems(pod("containers")), ir.Elems(pod("initContainers"))))


def manifest(kind: ir.Kind, name: str, body: JsonMap, **metadata: Json) -> JsonMap:
    """A manifest of this kind in the namespace `sample`."""
    place = {"namespace": "sample"} if kind.namespaced else {}
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {"name": name, **place, **metadata},
        **body,
    }


def examples(*manifests: JsonMap) -> tuple[ir.Example, ...]:
    """Manifests as examples that need no other object."""
    return tuple(map(ir.Example, manifests))


def workload(kind: ir.Kind, pod_spec: JsonMap, name: str = "app", labels: JsonMap | None = None) -> JsonMap:
    """A workload around this pod spec, `labels` on itself and on its pods."""
    labels = {"app": name} if labels is None else labels
    template: JsonMap = {"metadata": {"labels": labels}, "spec": pod_spec}
    match kind.kind:
        case "Pod":
            return manifest(kind, name, {"spec": pod_spec}, labels=labels)
        case "CronJob":
            restarting = {**template, "spec": {"restartPolicy": "Never", **pod_spec}}
            body: JsonMap = {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": restarting}}}
        case _:
            body = {"selector": {"matchLabels": {"app": name}}, "template": {**template}}
    return manifest(kind, name, {"spec": body}, labels=labels)


def container(name: str = "main", /, **fields: Json) -> JsonMap:
    """A container with an image."""
    return {"name": name, "image": "registry.example/app:1", **fields}
