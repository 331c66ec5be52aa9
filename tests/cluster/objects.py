"""The examples of rules as objects that a server takes, and as it would store them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cmpolicy.diff.ready import ready
from cmpolicy.evaluate.judge import kind_of
from cmpolicy.ir import Example, Kind, Rule
from cmpolicy.values import JsonMap

from tests.cluster.requests import DEFAULT_NAMESPACE, Client

NAMESPACE = Kind("", "v1", "Namespace", "namespaces", namespaced=False)


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


def make_namespaces(client: Client, manifests: Iterable[JsonMap]) -> None:
    """Make the namespaces that the objects are in."""
    names = {metadata.get("namespace") for each in manifests if isinstance(metadata := each["metadata"], Mapping)}
    for name in sorted(str(each) for each in names if each):
        answer = client.create(NAMESPACE, {"metadata": {"name": name}}, dry=False)
        assert answer.code in (201, 409), answer
