"""Which kinds a cluster serves, and where: asked of the groups that rules are about, and of no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cmpolicy import ir
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.problems import NotThere, Unread
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.ir.kind import Kind
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Resource:
    """Where the objects of a kind are: the plural name in paths, and whether they are in namespaces."""

    kind: Kind
    plural: str
    namespaced: bool

    def path(self, namespace: str = "") -> str:
        """The path of the list of its objects, of those in a namespace if one is named."""
        root = f"/apis/{self.kind.group}" if self.kind.group else "/api"
        return f"{root}/{self.kind.version}{f'/namespaces/{namespace}' if namespace else ''}/{self.plural}"

    @property
    def name(self) -> str:
        """As in rights of roles: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.kind.group}" if self.kind.group else self.plural


@dataclass(frozen=True, slots=True)
class Served:
    """What a cluster serves of some kinds, the others, and what could not be told of; versions by group, best first."""

    resources: Mapping[Kind, Resource]
    missing: tuple[Kind, ...]
    problems: tuple[Diagnostic, ...] = ()
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def discover(client: Client, kinds: Iterable[Kind]) -> Served:
    """Ask which of these kinds the cluster serves. Raises as `Client.get` where it tells of no group at all."""
    wanted: dict[tuple[str, str], list[Kind]] = {}
    for kind in dict.fromkeys(kinds):
        wanted.setdefault((kind.group, kind.version), []).append(kind)
    versions = _versions(client) if any(group for group, _ in wanted) else {}
    versions = {"": ("v1",), **versions}
    resources: dict[Kind, Resource] = {}
    missing: list[Kind] = []
    problems: list[Diagnostic] = []
    for (group, version), of_version in wanted.items():
        try:
            known = _resources(client, group, version) if version in versions.get(group, ()) else {}
        except Unread as error:
            problems.append(error.about(f"what the cluster serves of `{of_version[0].api_version}` is not told"))
            continue
        resources |= {kind: known[kind.kind] for kind in of_version if kind.kind in known}
        missing += [kind for kind in of_version if kind.kind not in known]
    located = {kind: replace(resource, kind=kind) for kind, resource in resources.items()}
    return Served(located, tuple(missing), tuple(problems), versions)


def _versions(client: Client) -> dict[str, Sequence[str]]:
    """The versions of each group, the one that the cluster prefers first."""
    found: dict[str, Sequence[str]] = {}
    for group in _maps(client.get("/apis").get("groups")):
        preferred = group.get("preferredVersion")
        named = [preferred, *_maps(group.get("versions"))]
        versions = (each.get("version") for each in named if isinstance(each, Mapping))
        found[str(group.get("name"))] = tuple(dict.fromkeys(each for each in versions if isinstance(each, str)))
    return found


def _resources(client: Client, group: str, version: str) -> dict[str, Resource]:
    """What can be listed of a version of a group, by the name of the kind."""
    try:
        listed = client.get(f"/apis/{group}/{version}" if group else f"/api/{version}").get("resources")
    except NotThere:
        return {}
    found = (_resource(each, group, version) for each in _maps(listed) if _is_listed(each))
    return {each.kind.kind: each for each in found}


def _is_listed(resource: JsonMap) -> bool:
    """Whether it is a list of objects, and no subresource; one of another name than paths take is none to ask for."""
    name, verbs = resource.get("name"), resource.get("verbs")
    return isinstance(name, str) and name.replace("-", "").isalnum() and isinstance(verbs, list) and "list" in verbs


def _resource(resource: JsonMap, group: str, version: str) -> Resource:
    plural, namespaced = str(resource["name"]), resource.get("namespaced") is True
    return Resource(Kind(group, version, str(resource.get("kind")), plural, namespaced), plural, namespaced)


def _maps(value: Json) -> list[JsonMap]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def in_one_version(rule: ir.Rule, served: Served) -> ir.Rule:
    """The rule about one version of each of its kinds, the one that the cluster likes best: every object has all of them."""
    best: dict[tuple[str, str], Kind] = {}
    for kind in rule.kinds:
        if kind in served.resources:
            known = best.setdefault((kind.group, kind.kind), kind)
            best[kind.group, kind.kind] = min(known, kind, key=lambda each: _rank(each, served))
    kinds = tuple(best.values())
    return rule if kinds == rule.kinds else replace(rule, kinds=kinds)


def _rank(kind: Kind, served: Served) -> int:
    return list(served.versions[kind.group]).index(kind.version)
