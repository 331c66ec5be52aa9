"""What a cluster's answer says of each rule, and what the reference says it must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import yaml
from cmpolicy.evaluate.known import inventory
from cmpolicy.holes import is_passed_over
from cmpolicy.ir import Kind
from cmpolicy.passes.tree import known_kinds
from cmpolicy.values import JsonMap

from tests.cluster.asked import Asked, failures
from tests.cluster.live import Live, Way
from tests.cluster.objects import Case
from tests.cluster.requests import Answer, Client, side_by_side

_KYVERNO = re.compile(r".* was blocked due to the following policies *\n+(.*)", re.DOTALL)
_KYVERNO_CEL = re.compile(r"Policy (\S+?) failed: ((?:(?!; Policy \S+ failed: ).)*)(?:; )?")
_GATEKEEPER = re.compile(r"^(?:.*denied the request: )?\[([^]]+)\] (.*)$", re.MULTILINE)
_VAP = re.compile(r".*ValidatingAdmissionPolicy '([^']+)' with binding '\1' denied request: (.*)")
_VAP_WARNING = re.compile(r"Validation failed for ValidatingAdmissionPolicy '([^']+)' with binding '\1': (.*)")

Failures = Mapping[str, str]
"""The message of each rule that fails, by the rule's id."""


@dataclass(frozen=True, slots=True)
class Said:
    """The rules for which a request was denied, and those that it was warned of."""

    denied: Failures
    warned: Failures


def said(way: Way, answer: Answer, others: Iterable[str] = ()) -> Said:
    """What the answer says; `others` are warnings that have nothing to do with policies."""
    warnings = [each for each in answer.warnings if each not in frozenset(others)]
    denied = {} if answer.is_taken else _DENIED[way.target](answer.message)
    assert answer.is_taken or denied, answer.message
    warned = dict(_warned(each) for each in warnings)
    return Said(denied, warned)


def expected(judging: Live, asked: Asked, objects: JsonMap) -> Said:
    """What the reference says of the object that the request makes, where the other objects are known.

    What Kyverno only reports, no answer tells: that its scan says so is another test.
    """
    assert asked.failures is not None
    if judging.way.target in ("kyverno", "kyverno-cel") and is_passed_over(asked.kind):
        return Said({}, {})
    looking = [rule for rule in judging.rules if known_kinds(rule)]
    failed = {**asked.failures, **failures(looking, asked, objects)}
    ours = {rule.id: failed[rule.id] for rule in judging.rules if rule.id in failed}
    blocking = {rule.id for rule in judging.rules if judging.way.options.blocks(rule)}
    denied = {id_: message for id_, message in ours.items() if id_ in blocking}
    warns = judging.way.target in ("vap", "gatekeeper")
    return Said(denied, {id_: message for id_, message in ours.items() if warns and id_ not in blocking})


def disputes(judging: Live, requests: Iterable[Asked]) -> Iterator[str]:
    """Where the cluster says otherwise than the reference."""
    known, every = known_to(judging), list(requests)
    answers = side_by_side(lambda asked: asked.send(judging.client), every)
    for asked, answer in zip(every, answers, strict=True):
        found = said(judging.way, answer, asked.warnings)
        yield from difference(judging.way, asked.case, found, expected(judging, asked, known))


def agrees(way: Way, found: Said, wanted: Said) -> bool:
    """Whether the cluster says what it must: the API server itself tells the first policy alone that denies a request."""
    if way.target == "vap":
        return (
            bool(found.denied) == bool(wanted.denied)
            and found.denied.items() <= wanted.denied.items()
            and found.warned == wanted.warned
        )
    return found == wanted


def difference(way: Way, case: Case, found: Said, wanted: Said) -> Iterator[str]:
    """The rules and messages that one of them has, and the other has not; nothing if they agree."""
    if not agrees(way, found, wanted):
        only = [
            f"{word}: only {who} {dict(ours.items() - theirs.items())}"
            for word, cluster, reference in (
                ("denied", found.denied, wanted.denied),
                ("warned", found.warned, wanted.warned),
            )
            for who, ours, theirs in (("cluster", cluster, reference), ("reference", reference, cluster))
            if ours.items() - theirs.items()
        ]
        yield f"{case}: {'; '.join(only)}"


def denying(message: str) -> Iterator[tuple[str, str]]:
    """The policies of the API server, with their messages, for which a text says that a request was denied."""
    for found in re.finditer(r"ValidatingAdmissionPolicy '([^']+)' with binding '\1' denied request: (.*)", message):
        yield found[1], found[2]


def _kyverno(message: str) -> Failures:
    found = _KYVERNO.fullmatch(message)
    assert found is not None, message
    return {policy: str(rules[policy]).strip() for policy, rules in yaml.safe_load(found[1]).items()}


def _kyverno_cel(message: str) -> Failures:
    return dict(_KYVERNO_CEL.findall(message))


def _gatekeeper(message: str) -> Failures:
    return dict(_GATEKEEPER.findall(message))


def _vap(message: str) -> Failures:
    found = _VAP.fullmatch(message)
    assert found is not None, message
    return {found[1]: found[2]}


def _warned(warning: str) -> tuple[str, str]:
    found = _VAP_WARNING.fullmatch(warning) or _GATEKEEPER.fullmatch(warning)
    assert found is not None, warning
    return found[1], found[2]


_DENIED: Mapping[str, Callable[[str], Failures]] = {
    "kyverno": _kyverno,
    "kyverno-cel": _kyverno_cel,
    "gatekeeper": _gatekeeper,
    "vap": _vap,
}


def known_to(judging: Live) -> JsonMap:
    """The objects that are there, of the kinds that rules look up."""
    kinds = {kind for rule in judging.rules for kind in known_kinds(rule)}
    return inventory([each for kind in sorted(kinds, key=str) for each in listed(judging.client, kind)])


def listed(client: Client, kind: Kind) -> Iterator[JsonMap]:
    """Every object of a kind, in all namespaces."""
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
    answer = client.ask("GET", f"{root}/{kind.plural}")
    assert answer.is_taken, answer
    for each in answer.body["items"]:
        yield {"apiVersion": kind.api_version, "kind": kind.kind, **each}
