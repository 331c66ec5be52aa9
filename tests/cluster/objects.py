"""The examples of rules as objects that a server takes, and as it would store them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cmpolicy.diff.ready import ready
from cmpolicy.evaluate.judge import kind_of
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.edit import at
from cmpolicy.ir import Example, Kind, Rule
from cmpolicy.values import Json, JsonMap

from tests.cluster.requests import DEFAULT_NAMESPACE, Client

NAMESPACE = Kind("", "v1", "Namespace", "namespaces", namespaced=False)
NEVER_STORED = {"cm-requests-within-limits"}
"""Rules whose failures no server takes: it refuses a request above the limit by itself, before any policy."""
PRIORITY_CLASS = Kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", namespaced=False)


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a rule, completed to what a server takes."""

    rule: Rule
    kind: Kind
    number: int
    is_good: bool
    example: Example
    manifest: JsonMap

    def __str__(self) -> str:
        return f"{self.rule.id} {'good' if self.is_good else 'bad'} {self.number}"


def cases(rules: Iterable[Rule]) -> Iterator[Case]:
    """Every example of a kind that its rule matches; examples of other kinds are passed over."""
    for rule in rules:
        for is_good, examples in ((True, rule.about.good), (False, rule.about.bad)):
            for number, example in enumerate(examples, 1):
                kind = kind_of(rule, example.object)
                if kind is not None and not kind.is_local:
                    yield Case(rule, kind, number, is_good, example, completed(example.object, kind))


def completed(manifest: JsonMap, kind: Kind) -> JsonMap:
    """The object with a name and what its schema requires."""
    metadata = manifest.get("metadata")
    named = {"name": "app", **(metadata if isinstance(metadata, Mapping) else {})}
    if kind.namespaced:
        named = {"namespace": DEFAULT_NAMESPACE, **named}
    return ready({**manifest, "metadata": named}, kind)


def prepare(client: Client, rules: Iterable[Rule]) -> None:
    """Make what examples need to be taken, and store some of them before there are policies."""
    every = list(cases(rules))
    make_namespaces(client, [case.manifest for case in every])
    make_classes(client, [case.manifest for case in every])
    for case in every:
        if is_debugged(case):
            client.create(case.kind, undebugged(debugged(case)), dry=False)
    there = set()
    for case in every:
        # One of each kind, namespace and name: the first that the server takes.
        identity = (case.kind, *name_of(case))
        if identity not in there and client.create(case.kind, stored(case), dry=False).is_taken:
            there.add(identity)


def stored_cases(client: Client, every: Iterable[Case]) -> list[Case]:
    """An example of each kind, namespace and name of which one is stored."""
    first = {(case.kind, *name_of(case)): case for case in every}.values()
    return [case for case in first if client.get(case.kind, stored(case)).is_taken]


def name_of(case: Case) -> tuple[Json, Json]:
    """The namespace and the name of an example."""
    metadata = case.manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return metadata.get("namespace"), metadata.get("name")


def stored(case: Case) -> JsonMap:
    """The example under the name of the stored one of its kind, namespace and name."""
    return renamed(case.manifest, f"{name_of(case)[1]}-stored")


def is_debugged(case: Case) -> bool:
    """Whether the example is a Pod with a debug container, which comes into a running Pod alone."""
    return case.kind.kind == "Pod" and bool(at(case.manifest, ("spec", "ephemeralContainers")))


def debugged(case: Case) -> JsonMap:
    """Such an example under a name of its own."""
    return renamed(case.manifest, f"{case.rule.id}-{'good' if case.is_good else 'bad'}-{case.number}")


def undebugged(manifest: JsonMap) -> JsonMap:
    """The Pod before somebody came to debug it."""
    spec = manifest["spec"]
    assert isinstance(spec, Mapping)
    return {**manifest, "spec": {key: value for key, value in spec.items() if key != "ephemeralContainers"}}


def renamed(manifest: JsonMap, name: str) -> JsonMap:
    """The object under another name."""
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return {**manifest, "metadata": {**metadata, "name": name}}


def make_namespaces(client: Client, manifests: Iterable[JsonMap]) -> None:
    """Make the namespaces that the objects are in."""
    names = {metadata.get("namespace") for each in manifests if isinstance(metadata := each["metadata"], Mapping)}
    for name in sorted(str(each) for each in names if each):
        answer = client.create(NAMESPACE, {"metadata": {"name": name}}, dry=False)
        assert answer.code in (201, 409), answer


def make_classes(client: Client, manifests: Iterable[JsonMap]) -> None:
    """Make the priority classes that pods name, which a server looks for."""
    for name in sorted({found for each in manifests for found in _classes(each)}):
        answer = client.create(PRIORITY_CLASS, {"metadata": {"name": name}, "value": 1000}, dry=False)
        assert answer.code in (201, 403, 409, 422), answer


def _classes(value: Json) -> Iterator[str]:
    match value:
        case Mapping():
            if isinstance(name := value.get("priorityClassName"), str) and name:
                yield name
            yield from (found for held in value.values() for found in _classes(held))
        case _ if is_list(value):
            yield from (found for held in value for found in _classes(held))
