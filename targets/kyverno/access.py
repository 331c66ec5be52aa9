"""What Kyverno must be allowed to read for rules that look up other objects."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy import ir
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

_CONTROLLERS = ("admission", "background", "reports")


def cluster_role(rules: Iterable[ir.Rule]) -> File | None:
    """A ClusterRole that Kyverno's own roles take up, to read what the rules look up; None if they look up nothing."""
    by_group: dict[str, list[str]] = {}
    for kind in sorted({kind for rule in rules for kind in known_kinds(rule)}, key=str):
        by_group.setdefault(kind.group, []).append(kind.plural)
    if not by_group:
        return None
    allowed: list[Json] = [
        {"apiGroups": [group], "resources": [*plurals], "verbs": ["get", "list", "watch"]}
        for group, plurals in by_group.items()
    ]
    labels = {f"rbac.kyverno.io/aggregate-to-{controller}-controller": "true" for controller in _CONTROLLERS}
    document: JsonMap = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "cmpolicy:kyverno:lookup", "labels": labels},
        "rules": allowed,
    }
    return File("access.yaml", dump(document))
