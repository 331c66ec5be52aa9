"""Namespaces in which the API server holds pods to a Pod Security Standard, and what it says of a pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge
from cmpolicy.ir import TRUE, And, Condition, Kind, Or, Rule
from cmpolicy.passes.tree import map_condition, same_value, walk
from cmpolicy.values import JsonMap

from tests.cluster.objects import NAMESPACE
from tests.cluster.requests import Answer, Client

PREFIX = "pod-security.kubernetes.io/"
WARNED = "pods-warned"
ENFORCED = "pods-enforced"
LABELS: Mapping[str, JsonMap] = {
    WARNED: {f"{PREFIX}warn": "restricted", f"{PREFIX}warn-version": "latest"},
    ENFORCED: {f"{PREFIX}enforce": "restricted", f"{PREFIX}enforce-version": "latest"},
}
"""In the first everything is taken, and its answer shows what would be stored; in the second only what meets the standard."""
VIOLATES = 'violates PodSecurity "restricted:latest": '
WOULD_VIOLATE = f"would {VIOLATES.replace('violates', 'violate')}"


@dataclass(frozen=True, slots=True)
class Held:
    """An object as it would be stored, and whether it breaks the standard: by a warning, by a denial, by the rule."""

    stored: JsonMap
    warned: bool
    denied: bool | None
    """None where a standard never denies: what makes pods of a template is taken, the pods are not."""
    fails: bool

    @property
    def agrees(self) -> bool:
        return self.warned == self.fails and self.denied in (None, self.fails)


def make_namespaces(client: Client) -> None:
    """Make the namespaces."""
    for name, labels in LABELS.items():
        answer = client.create(NAMESPACE, {"metadata": {"name": name, "labels": labels}}, dry=False)
        assert answer.is_taken, answer


def of_every_object(rule: Rule, *kinds: Kind) -> Rule:
    """The rule for every object of these kinds, or of its own, whosever it is."""
    return replace(rule.with_conditions(TRUE, rule.condition), kinds=kinds or rule.kinds)


def held(client: Client, rule: Rule, kind: Kind, manifest: JsonMap) -> Held | None:
    """What comes of an object's creation; None if the server does not take it whatever the standard."""
    warned = client.create(kind, inside(manifest, WARNED))
    enforced = client.create(kind, inside(manifest, ENFORCED)) if kind.kind == "Pod" else None
    return _held(rule, kind, warned, enforced)


def held_debugged(client: Client, rule: Rule, kind: Kind, pod: JsonMap, container: JsonMap) -> Held | None:
    """What comes of a debug container for a Pod that is in each of the namespaces."""

    def answer(namespace: str) -> Answer:
        stored = client.get(kind, inside(pod, namespace)).body
        spec = {**stored["spec"], "ephemeralContainers": [container]}
        return client.replace(kind, {**stored, "spec": spec}, subresource="/ephemeralcontainers")

    return _held(rule, kind, answer(WARNED), answer(ENFORCED))


def _held(rule: Rule, kind: Kind, warned: Answer, enforced: Answer | None) -> Held | None:
    if not warned.is_taken:
        return None
    stored = {"apiVersion": kind.api_version, "kind": kind.kind, **warned.body}
    fails = judge(rule, stored).verdict is Verdict.FAIL
    warns = any(WOULD_VIOLATE in each for each in warned.warnings)
    return Held(stored, warns, None if enforced is None else is_denied(enforced), fails)


def is_denied(answer: Answer) -> bool:
    """Whether the standard is why the object was refused."""
    assert answer.is_taken or (answer.code == 403 and VIOLATES in answer.message), answer
    return not answer.is_taken


def inside(manifest: JsonMap, namespace: str) -> JsonMap:
    """The object in this namespace."""
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return {**manifest, "metadata": {**metadata, "namespace": namespace}}


def without_a_part(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule without one of the parts of a conjunction or of a disjunction, for each; with what it lacks."""
    for node in walk(rule.condition):
        if isinstance(node, And | Or):
            for number, part in enumerate(node.items):
                lacking = replace(node, items=(*node.items[:number], *node.items[number + 1 :]))
                yield str(part), rule.with_conditions(rule.when, _replaced(rule.condition, node, lacking))


def _replaced(whole: Condition, old: Condition, new: Condition) -> Condition:
    return map_condition(whole, same_value, lambda each: new if each == old else each)
