"""`cmpolicy diff --engine` with the real command lines: they agree on what is shown, and a policy that is wrong is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.diff import engines
from cmpolicy.diff.compare import compare_sides
from cmpolicy.diff.gates import DISPUTED, Gate, exit_code
from cmpolicy.diff.model import Report
from cmpolicy.diff.sides import Side
from cmpolicy.passes import set_parameters
from cmpolicy.pipeline import Folder, package
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import Options, Target

from tests.policies.packs import rule

WAYS = [
    ("gatekeeper", "gator (CEL)"),
    ("gatekeeper", "gator (Rego)"),
    ("kyverno", "kyverno"),
    ("kyverno-cel", "kyverno"),
    ("vap", "kyverno"),
]
"""Each target and what is asked about it."""
CHANGES: dict[str, dict[str, ir.Constant]] = {
    "cm-webhook-replicas": {"minimum": 4},
    "cm-certificate-duration": {"maximum": "90h"},
}
"""A rule on a kind of Kubernetes' own and one on a kind of a CRD, and what their parameters are set to."""


@pytest.fixture(scope="module")
def found(binary: Callable[[str], Path]) -> tuple[engines.Engine, ...]:
    """Both engines, as a user names them."""
    return engines.find_engines([f"{name}={binary(name)}" for name in ("kyverno", "gator")])[0]


def report(old: Sequence[ir.Rule], new: Sequence[ir.Rule], found: Sequence[engines.Engine]) -> Report:
    """What changed, and what the engines say of it."""
    before, after = (Side(name, {None: {each.id: each for each in side}}) for name, side in (("o", old), ("n", new)))
    compared = compare_sides(before, after, [load_target(name) for name in TARGETS])
    return engines.with_engines(compared, found, lambda asked: asked)


def test_both_engines_change_their_verdict_on_what_is_shown(found: Sequence[engines.Engine]) -> None:
    old = [rule(name) for name in CHANGES]
    told = report(old, [set_parameters(each, CHANGES[each.id]) for each in old], found)
    assert not told.problems
    assert sorted((each.rule, each.target, each.engine) for each in told.asked) == sorted(
        (name, *way) for name in CHANGES for way in WAYS
    )
    assert {(each.old, each.new) for each in told.asked} == {("accepted", "rejected")}
    assert not any(each.disagrees for each in told.asked)
    assert exit_code(told, [Gate.NOTHING]) == 0


def test_a_rule_that_is_gone_is_asked_about_before(found: Sequence[engines.Engine]) -> None:
    told = report([rule("cm-webhook-replicas")], [], found)
    assert {(each.old, each.new, each.disagrees) for each in told.asked} == {("rejected", "no policy", False)}
    assert len(told.asked) == len(WAYS)


def test_a_policy_that_says_something_else_is_found(
    found: Sequence[engines.Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = rule("cm-webhook-replicas")

    def stale(rules: Sequence[ir.Rule], target: Target, options: Options) -> Folder:
        """The old version's policy, whichever is asked for."""
        return package([old for _ in rules], target, options)

    monkeypatch.setattr(engines, "package", stale)
    told = report([old], [set_parameters(old, CHANGES[old.id])], found)
    assert [(each.old, each.new) for each in told.asked] == [("accepted", "accepted")] * len(WAYS)
    assert all(each.disagrees for each in told.asked)
    assert exit_code(told, [Gate.NOTHING]) == DISPUTED


def test_a_policy_that_no_engine_takes_is_told(
    found: Sequence[engines.Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = rule("cm-webhook-replicas")

    def broken(rules: Sequence[ir.Rule], target: Target, options: Options) -> Folder:
        """Policies whose expressions are none in any language."""
        made = package(rules, target, options)
        return replace(made, files=tuple(replace(each, text=_broken(each.text)) for each in made.files))

    monkeypatch.setattr(engines, "package", broken)
    told = report([old], [set_parameters(old, CHANGES[old.id])], found)
    assert all(each.failed for each in told.asked), told.asked
    assert told.problems
    assert exit_code(told, [Gate.NOTHING]) == 2


def _broken(text: str) -> str:
    return text.replace(" &&", " && &&").replace("package ", "packages ")
