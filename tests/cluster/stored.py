"""Examples that are in a cluster before its policies are, and what the reference says of everything that is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge, judge_example
from cmpolicy.evaluate.known import inventory
from cmpolicy.ir import Kind, Rule
from cmpolicy.values import JsonMap

from tests.cluster.kinds import kinds_of
from tests.cluster.objects import Case, cases, completed, make_classes, make_namespaces
from tests.cluster.requests import Client

CHANGING_THE_SERVER = ("apiextensions.k8s.io", "apiregistration.k8s.io")
"""Groups of which nothing is stored: the server would serve other kinds."""
UNSHOWN = {
    "cm-namespace-psa-enforce": "there is one Namespace of this name",
    "cm-netpol-venafi-egress": "what fails in a namespace of its own is let through by the policies of other examples",
    "cm-requests-within-limits": "the server itself refuses what breaks it",
}
"""Rules of which no cluster has both an object that passes and one that fails."""


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """An object by what reports call it; its namespace is empty if it has none."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @staticmethod
    def of(manifest: JsonMap) -> Identity:
        """The identity that a manifest tells."""
        metadata = manifest["metadata"]
        assert isinstance(metadata, Mapping)
        namespace, name = (str(metadata.get(key) or "") for key in ("namespace", "name"))
        return Identity(str(manifest["apiVersion"]), str(manifest["kind"]), namespace, name)


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A rule by its id, and an object."""

    rule: str
    object: Identity


Found = Mapping[Pair, str | None]
"""What passes, without a message, and what fails, with its message; what a rule skips is not there."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An object as it is written, and as a server stores it."""

    kind: Kind
    written: JsonMap
    stored: JsonMap

    @property
    def identity(self) -> Identity:
        return Identity.of(self.stored)

    def moved(self, key: str, value: str) -> Thing:
        """The same with another name or namespace."""
        return Thing(self.kind, _with(self.written, key, value), _with(self.stored, key, value))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """An example and the objects around it, where they are stored."""

    case: Case
    own: Thing
    others: tuple[Thing, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        return (self.own, *self.others)

    @property
    def is_example(self) -> bool:
        """Whether the rule says of it what it says of the example."""
        known = inventory(each.stored for each in self.others)
        verdict = judge(self.case.rule, self.own.stored, objects=known).verdict
        return verdict is judge_example(self.case.rule, self.case.example).verdict

    def named(self, name: str) -> Placed:
        """The same under another name."""
        return replace(self, own=self.own.moved("name", name))

    def in_namespace(self, name: str) -> Placed:
        """The same in another namespace, with all that is in that of the example."""
        home = self.own.identity.namespace
        if not home:
            return self.named(name)
        others = (each.moved("namespace", name) if each.identity.namespace == home else each for each in self.others)
        return replace(self, own=self.own.moved("namespace", name), others=tuple(others))


def taken(client: Client, case: Case) -> Placed | None:
    """The example and what is around it; None if the server does not take it."""
    own, *others = (thing(client, kind, manifest) for kind, manifest in around(case))
    if own is None:
        return None
    name = f"{case.rule.id}-{'good' if case.is_good else 'bad'}-{case.number}"
    as_it_is = Placed(case, own, tuple(each for each in others if each is not None))
    ways = (as_it_is.in_namespace(name), as_it_is.named(name))
    return next((way for way in ways if way.is_example), as_it_is)


def around(case: Case) -> Iterator[tuple[Kind, JsonMap]]:
    """The example and the other objects that are known then, of kinds that may be stored."""
    yield case.kind, case.manifest
    for each in case.example.others:
        if (kind := _kind(case.rule, each)) is not None:
            yield kind, completed(each, kind)


def thing(client: Client, kind: Kind, manifest: JsonMap) -> Thing | None:
    """The object, if the server takes it."""
    answer = client.create(kind, manifest)
    stored = {**answer.body, "apiVersion": kind.api_version, "kind": kind.kind}
    return Thing(kind, manifest, stored) if answer.is_taken else None


def _kind(rule: Rule, manifest: JsonMap) -> Kind | None:
    named = f"{manifest['apiVersion']}/{manifest['kind']}"
    found = (each for each in kinds_of([rule]) if each.group not in CHANGING_THE_SERVER)
    return next((each for each in found if str(each) == named), None)


def choose(client: Client, rules: tuple[Rule, ...]) -> tuple[Placed, ...]:
    """Examples that the server takes, as few as show of each rule both that it passes and that it fails, all together."""
    asked = list(cases(rules))
    make_room(client, [manifest for case in asked for _, manifest in around(case)])
    every = [each for case in asked if (each := taken(client, case)) is not None]
    chosen = list(covering({each: shows(rules, each) for each in every}))
    lacking = unshown(rules, of_all(rules, chosen))
    for rule in (each for each in rules if each.id in lacking):
        own = (each for each in every if each.case.rule is rule)
        chosen += next(([each] for each in own if not unshown([rule], of_all([rule], [*chosen, each]))), [])
    return tuple(chosen)


def of_all(rules: Iterable[Rule], chosen: Iterable[Placed]) -> Found:
    """What the reference says of these examples where all of them are stored."""
    return judged(rules, [each.stored for each in together(chosen)])


def together(chosen: Iterable[Placed]) -> list[Thing]:
    """The objects; of those of one identity only the first can be stored."""
    found: dict[Identity, Thing] = {}
    for each in (thing for placed in chosen for thing in placed.things):
        found.setdefault(each.identity, each)
    return list(found.values())


def store(client: Client, chosen: Iterable[Placed]) -> None:
    """Store the examples and what is around them."""
    found = together(chosen)
    make_room(client, [each.written for each in found])
    for each in found:
        answer = client.create(each.kind, each.written, dry=False)
        assert answer.is_taken, answer


def make_room(client: Client, manifests: list[JsonMap]) -> None:
    """Make what the objects need to be taken."""
    make_namespaces(client, manifests)
    make_classes(client, manifests)


def shows(rules: Iterable[Rule], each: Placed) -> frozenset[tuple[str, bool]]:
    """Which rules pass on the example and on what is around it, and which fail."""
    found = judged(rules, [thing.stored for thing in each.things])
    return frozenset((pair.rule, message is None) for pair, message in found.items())


def covering(shown: Mapping[Placed, frozenset[tuple[str, bool]]]) -> Iterator[Placed]:
    """Some of the examples that together show what all do: ever the one that shows most that none before it did."""
    wanted = set().union(*shown.values())
    while wanted:
        best = max(shown, key=lambda each: len(shown[each] & wanted) / len(each.things))
        wanted -= shown[best]
        yield best


def everything(client: Client, rules: Iterable[Rule]) -> list[JsonMap]:
    """Every object that is there of the kinds that rules match or look up, as the server has filled it in."""
    return [each for kind in sorted(kinds_of(rules), key=str) for each in _all(client, kind)]


def _all(client: Client, kind: Kind) -> Iterator[JsonMap]:
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
    answer = client.ask("GET", f"{root}/{kind.plural}")
    assert answer.is_taken, answer
    for each in answer.body["items"]:
        yield {**each, "apiVersion": kind.api_version, "kind": kind.kind}


def judged(rules: Iterable[Rule], objects: list[JsonMap]) -> Found:
    """What the reference says of each object, where all of them are known."""
    known = inventory(objects)
    found: dict[Pair, str | None] = {}
    for rule in rules:
        for each in objects:
            judgement = judge(rule, each, objects=known)
            if judgement.verdict is not Verdict.SKIP:
                message = judgement.message if judgement.verdict is Verdict.FAIL else None
                found[Pair(rule.id, Identity.of(each))] = message
    return found


def failing(found: Found) -> dict[Pair, str]:
    """What fails, and with which message."""
    return {pair: message for pair, message in found.items() if message is not None}


def unshown(rules: Iterable[Rule], found: Found) -> set[str]:
    """The rules that do not both pass and fail somewhere."""
    failing = {pair.rule for pair, message in found.items() if message is not None}
    passing = {pair.rule for pair, message in found.items() if message is None}
    return {rule.id for rule in rules} - (failing & passing)


def _with(manifest: JsonMap, key: str, value: str) -> JsonMap:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return {**manifest, "metadata": {**metadata, key: value}}
