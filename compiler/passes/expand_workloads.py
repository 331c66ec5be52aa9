"""Find the pod inside each kind of workload: explicit paths, never an engine's own expansion."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.passes.tree import has_any, map_rule

_TEMPLATE = ("spec", "template")
POD_PATHS: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "Deployment": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
}
"""Where the pod, with its `metadata` and `spec`, is inside each kind that carries one."""


def pod_path(kind: ir.Kind) -> tuple[str, ...] | None:
    """The keys that lead to the pod inside this kind, or None if it carries none."""
    return POD_PATHS.get(kind.kind)


def get_path(base: ir.Value, keys: tuple[str, ...]) -> ir.Value:
    """`base[k1][k2]...`"""
    for key in keys:
        base = ir.Get(base, key)
    return base


def pod_value(kind: ir.Kind, part: str) -> ir.Value | None:
    """The path from `Obj` to the pod's `spec` or `metadata` for this kind, or None if it carries no pod."""
    path = pod_path(kind)
    return None if path is None else get_path(ir.Obj(), (*path, part))


def common_pod_path(kinds: tuple[ir.Kind, ...]) -> tuple[str, ...] | None:
    """The one path to the pod that all these kinds share, or None if they differ or one carries none."""
    paths = {pod_path(kind) for kind in kinds}
    return paths.pop() if len(paths) == 1 else None


def expand_workloads(rule: ir.Rule, kind: ir.Kind) -> ir.Rule:
    """The rule for this kind alone: `PodSpec()  ->  Obj().spec.template.spec` for a Deployment."""

    def on_value(value: ir.Value) -> ir.Value:
        match value:
            case ir.PodSpec():
                return pod_value(kind, "spec") or ir.Get(ir.Const(False), "spec")
            case ir.PodMeta():
                return pod_value(kind, "metadata") or ir.Get(ir.Const(False), "metadata")
            case _:
                return value

    return map_rule(rule, on_value) if has_any(rule, ir.PodSpec, ir.PodMeta) else rule
