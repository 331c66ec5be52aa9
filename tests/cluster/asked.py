"""Requests that a server without policies takes, and what the reference says of what they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge
from cmpolicy.ir import Kind, Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.values import Json, JsonMap

from tests.cluster.objects import Case, debugged, is_debugged, name_of, renamed, stored
from tests.cluster.requests import Answer, Client, side_by_side

POD = Kind("", "v1", "Pod", "pods", namespaced=True)
REPLICA_SET = Kind("apps", "v1", "ReplicaSet", "replicasets", namespaced=True)
GENERATED = "made-"
RANDOM = "xxxxx"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, the object it makes and the one that was there, and the failures of rules that look nothing up."""

    case: Case
    kind: Kind
    manifest: JsonMap
    made: JsonMap
    old: Json = None
    subresource: str = ""
    warnings: tuple[str, ...] = ()
    failures: Mapping[str, str] | None = None

    def send(self, client: Client) -> Answer:
        """Ask what would come of the request."""
        if self.old is None:
            return unrandom(client.create(self.kind, self.manifest))
        return client.replace(self.kind, self.manifest, subresource=self.subresource)


def creations(client: Client, every: Iterable[Case]) -> Iterator[Asked]:
    """Each example that can be created, or else written over the object of its name."""
    return _of_each(lambda case: _creations(client, case), every)


def _creations(client: Client, case: Case) -> Iterator[Asked]:
    answer = client.create(case.kind, case.manifest)
    if answer.code == 409:
        yield from _updates(client, case, case.manifest)
    elif answer.is_taken:
        yield Asked(case, case.kind, case.manifest, answer.body, warnings=answer.warnings)


def updates(client: Client, every: Iterable[Case]) -> Iterator[Asked]:
    """Each example written over the stored one of its kind, namespace and name."""
    return _of_each(lambda case: _updates(client, case, stored(case)), every)


def debuggings(client: Client, every: Iterable[Case]) -> Iterator[Asked]:
    """Debug containers, which come into a running Pod by a subresource of their own."""
    debugging = filter(is_debugged, every)
    return _of_each(lambda case: _updates(client, case, debugged(case), "/ephemeralcontainers"), debugging)


def _updates(client: Client, case: Case, manifest: JsonMap, subresource: str = "") -> Iterator[Asked]:
    old, answer = client.get(case.kind, manifest), client.replace(case.kind, manifest, subresource=subresource)
    if answer.is_taken:
        yield Asked(case, case.kind, manifest, answer.body, {**old.body}, subresource, answer.warnings)


def nameless(client: Client, every: Iterable[Case]) -> Iterator[Asked]:
    """A bad example of each rule, with a name that the server makes."""
    last = {case.rule.id: case for case in every if not case.is_good}
    return _of_each(lambda case: _nameless(client, case), last.values())


def _nameless(client: Client, case: Case) -> Iterator[Asked]:
    manifest = _without_a_name(case.manifest)
    answer = client.create(case.kind, manifest)
    if answer.is_taken:
        made = renamed(answer.body, f"{GENERATED}{RANDOM}")
        yield Asked(case, case.kind, manifest, made, warnings=answer.warnings)


def _of_each(make: Callable[[Case], Iterator[Asked]], every: Iterable[Case]) -> Iterator[Asked]:
    return chain.from_iterable(side_by_side(lambda case: tuple(make(case)), every))


def _without_a_name(manifest: JsonMap) -> JsonMap:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    kept = {key: value for key, value in metadata.items() if key != "name"}
    return {**manifest, "metadata": {**kept, "generateName": GENERATED}}


def unrandom(answer: Answer) -> Answer:
    """The answer with the random part of names replaced."""
    body = answer.body if answer.is_taken else {**answer.body, "message": _plain(answer.message)}
    return Answer(answer.code, body, tuple(map(_plain, answer.warnings)))


def _plain(text: str) -> str:
    return re.sub(rf"{GENERATED}\w{{5}}", f"{GENERATED}{RANDOM}", text)


def owned(client: Client, every: Iterable[Case]) -> Iterator[Asked]:
    """What controllers make of Deployments: a ReplicaSet, and of that a Pod, each with the owner's template."""
    return _of_each(lambda case: _owned_by(client, case), every)


def _owned_by(client: Client, case: Case) -> Iterator[Asked]:
    for kind, manifest in _made_of(case):
        answer = client.create(kind, manifest)
        if answer.is_taken:
            yield Asked(case, kind, manifest, answer.body, warnings=answer.warnings)


def _made_of(case: Case) -> Iterator[tuple[Kind, JsonMap]]:
    if case.kind.kind != "Deployment":
        return
    spec, (namespace, name) = case.manifest["spec"], name_of(case)
    assert isinstance(spec, Mapping)
    template = spec["template"]
    assert isinstance(template, Mapping)
    made: JsonMap = {key: spec[key] for key in ("replicas", "selector", "template") if key in spec}
    yield REPLICA_SET, _owned(REPLICA_SET, "Deployment", namespace, name, {**template, "spec": made})
    yield POD, _owned(POD, "ReplicaSet", namespace, name, template)


def _owned(kind: Kind, owner: str, namespace: Json, name: Json, template: JsonMap) -> JsonMap:
    reference: JsonMap = {"apiVersion": "apps/v1", "kind": owner, "name": name, "uid": "1", "controller": True}
    metadata = template.get("metadata")
    labels = metadata.get("labels", {}) if isinstance(metadata, Mapping) else {}
    named: JsonMap = {"name": f"{name}-made", "namespace": namespace, "labels": labels, "ownerReferences": [reference]}
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": named, "spec": template["spec"]}


def judged(asked: Iterable[Asked], rules: Iterable[Rule]) -> tuple[Asked, ...]:
    """The requests with the failures of the rules that look nothing up."""
    alone = [rule for rule in rules if not known_kinds(rule)]
    return tuple(replace(each, failures=failures(alone, each, {})) for each in asked)


def failures(rules: Iterable[Rule], asked: Asked, objects: JsonMap) -> dict[str, str]:
    """The message of each rule that fails, by the rule's id."""
    said = ((rule, judge(rule, asked.made, asked.old, objects)) for rule in rules)
    return {rule.id: each.message for rule, each in said if each.verdict is Verdict.FAIL}
