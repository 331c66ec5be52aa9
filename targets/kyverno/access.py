"""What Kyverno must be allowed to read, and so which rules its background scan can judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

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


Resources: TypeAlias = Callable[[ir.Kind], Iterable[str]]


def plain(kind: ir.Kind) -> Iterable[str]:
    """The resource of a kind, without subresources."""
    return (kind.plural,)


def is_scanned(rule: ir.Rule) -> bool:
    """Whether Kyverno's background scan judges the rule.

    It lists and watches what it scans. For Secrets that would hand every password of the cluster to the reports
    controller, so their rules are judged at admission alone.
    """
    return not is_admission_only(rule) and not is_confidential(rule)


def access(target: str, rules: Iterable[ir.Rule], scanned: Resources = plain) -> Iterator[File]:
    """The ClusterRoles that Kyverno's own roles take up: what rules look up, and what is scanned and not `view`'s anyway.

    `scanned` gives the resources that a policy on a kind names: Kyverno holds it for not ready while it may not read them all.
    """
    rules = tuple(rules)
    lookup = {(kind.group, kind.plural) for rule in rules for kind in known_kinds(rule)}
    scan = {(kind.group, name) for rule in rules if is_scanned(rule) for kind in rule.kinds for name in scanned(kind)}
    roles = [
        _role(f"cmpolicy:{target}:{name}", controllers, resources)
        for name, controllers, resources in (
            ("lookup", _EVERY_CONTROLLER, lookup),
            ("scan", _SCANNER, {each for each in scan if not is_viewed(*each)}),
        )
        if resources
    ]
    if roles:
        yield File("access.yaml", dump_all(roles))


def is_viewed(group: str, resource: str) -> bool:
    """Whether Kyverno's reports controller may read the resource as it is installed."""
    return resource in _VIEWED.get(group, "").split()


def _role(name: str, controllers: Iterable[str], resources: Iterable[tuple[str, str]]) -> JsonMap:
    by_group: dict[str, list[str]] = {}
    for group, resource in sorted(resources):
        by_group.setdefault(group, []).append(resource)
    allowed: list[Json] = [
        {"apiGroups": [group], "resources": [*names], "verbs": ["get", "list", "watch"]}
        for group, names in by_group.items()
    ]
    labels = {f"rbac.kyverno.io/aggregate-to-{controller}-controller": "true" for controller in controllers}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "labels": labels},
        "rules": allowed,
    }
