"""What Kyverno must be allowed to read, and so which rules its background scan can judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cmpolicy import ir
from cmpolicy.holes import is_confidential
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.admission import is_admission_only
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump_all

_EVERY_CONTROLLER = ("admission", "background", "reports")
_SCANNER = ("reports",)
_VIEWED: Mapping[str, str] = {
    "": "configmaps endpoints events limitranges namespaces persistentvolumeclaims pods replicationcontrollers "
    "resourcequotas serviceaccounts services",
    "apps": "controllerrevisions daemonsets deployments replicasets statefulsets",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "discovery.k8s.io": "endpointslices",
    "networking.k8s.io": "ingresses networkpolicies",
    "policy": "poddisruptionbudgets",
}
"""Resources of each API group that Kubernetes' own role `view` may read; Kyverno's release gives it to the scanner."""


def is_scanned(rule: ir.Rule) -> bool:
    """Whether Kyverno's background scan judges the rule.

    It lists and watches what it scans. For Secrets that would hand every password of the cluster to the reports
    controller, so their rules are judged at admission alone.
    """
    return not is_admission_only(rule) and not is_confidential(rule)


def access(target: str, rules: Iterable[ir.Rule]) -> Iterator[File]:
    """The ClusterRoles that Kyverno's own roles take up: what rules look up, and what is scanned and not `view`'s anyway."""
    rules = tuple(rules)
    looked_up = {kind for rule in rules for kind in known_kinds(rule)}
    scanned = {kind for rule in rules if is_scanned(rule) for kind in rule.kinds if not is_viewed(kind)}
    roles = [
        _role(f"cmpolicy:{target}:{name}", controllers, kinds)
        for name, controllers, kinds in (("lookup", _EVERY_CONTROLLER, looked_up), ("scan", _SCANNER, scanned))
        if kinds
    ]
    if roles:
        yield File("access.yaml", dump_all(roles))


def is_viewed(kind: ir.Kind) -> bool:
    """Whether Kyverno's reports controller may read the kind as it is installed."""
    return kind.plural in _VIEWED.get(kind.group, "").split()


def _role(name: str, controllers: Iterable[str], kinds: Iterable[ir.Kind]) -> JsonMap:
    by_group: dict[str, list[str]] = {}
    for kind in sorted(kinds, key=str):
        by_group.setdefault(kind.group, []).append(kind.plural)
    allowed: list[Json] = [
        {"apiGroups": [group], "resources": [*plurals], "verbs": ["get", "list", "watch"]}
        for group, plurals in by_group.items()
    ]
    labels = {f"rbac.kyverno.io/aggregate-to-{controller}-controller": "true" for controller in controllers}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "labels": labels},
        "rules": allowed,
    }
