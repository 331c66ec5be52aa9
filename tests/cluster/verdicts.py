"""What a cluster's answer says of each rule, and what the reference says it must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import yaml
from cmpolicy.evaluate import Verdict
from cmpolicy.evaluate.judge import judge
from cmpolicy.ir import Rule
from cmpolicy.values import Json, JsonMap

from tests.cluster.live import Way
from tests.cluster.requests import Answer

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


def expected(way: Way, rules: Iterable[Rule], manifest: JsonMap, objects: JsonMap, old: Json = None) -> Said:
    """What the reference says of the object that a server has filled in."""
    judged = {rule: judge(rule, manifest, old, objects) for rule in rules}
    failed = {rule: each.message for rule, each in judged.items() if each.verdict is Verdict.FAIL}
    denied = {rule.id: message for rule, message in failed.items() if way.options.blocks(rule)}
    warns = way.target in ("vap", "gatekeeper")
    warned = {rule.id: message for rule, message in failed.items() if warns and rule.id not in denied}
    return Said(denied, warned)


def agrees(way: Way, found: Said, wanted: Said) -> bool:
    """Whether the cluster says what it must: the API server itself tells the first policy alone that denies a request."""
    if way.target == "vap":
        return (
            bool(found.denied) == bool(wanted.denied)
            and found.denied.items() <= wanted.denied.items()
            and found.warned == wanted.warned
        )
    return found == wanted


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
