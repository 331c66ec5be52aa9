"""Of objects that are looked up only what rules read is kept: no verdict, message or blame can tell."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest
from cmpolicy import ir
from cmpolicy.cluster.lookups import look_ups
from cmpolicy.evaluate import Judgement, Verdict, blame, inventory, judge
from cmpolicy.generate import Case, objects
from cmpolicy.passes.tree import known_kinds
from cmpolicy.values import JsonMap

from tests.policies.packs import cert_manager, hardening
from tests.sample_rules import LOOKUPS

LOOKING_UP = [rule for rule in (*LOOKUPS, *cert_manager().rules, *hardening().rules) if known_kinds(rule)]
CASES = 120
SEED = 20261126


@cache
def made(rule_id: str) -> list[Case]:
    """Objects for a rule that looks others up, with these."""
    (rule,) = (each for each in LOOKING_UP if each.id == rule_id)
    return list(objects(rule, SEED, CASES))


def kept(rule: ir.Rule, others: Iterable[JsonMap]) -> list[JsonMap]:
    """The objects as they are kept; of kinds that the rule does not look up nothing is read at all."""
    wanted = {(each.kind.api_version, each.kind.kind): each for each in look_ups([rule])}
    named = (((other.get("apiVersion"), other.get("kind")), other) for other in others)
    return [wanted[name].kept(other) for name, other in named if name in wanted]  # type: ignore[index]


def judged(rule: ir.Rule, case: Case, known: JsonMap) -> tuple[Judgement, str]:
    found = judge(rule, case.manifest, objects=known)
    return found, blame(rule, case.manifest, objects=known) if found.verdict is Verdict.FAIL else ""


@pytest.mark.parametrize("rule", LOOKING_UP, ids=lambda rule: rule.id)
def test_what_is_kept_is_enough(rule: ir.Rule) -> None:
    verdicts = set()
    smaller = 0
    for case in made(rule.id):
        whole, small = inventory(case.others), inventory(kept(rule, case.others))
        assert judged(rule, case, small) == judged(rule, case, whole)
        verdicts.add(judge(rule, case.manifest, objects=whole).verdict)
        smaller += small != whole
    assert {Verdict.PASS, Verdict.FAIL} <= verdicts
    assert smaller


def test_what_is_not_kept_would_be_missed() -> None:
    told = set()
    for rule in LOOKING_UP:
        for case in made(rule.id):
            names_only = inventory(
                [{key: each.get(key) for key in ("apiVersion", "kind", "metadata")} for each in case.others]
            )
            if judged(rule, case, names_only) != judged(rule, case, inventory(case.others)):
                told.add(rule.id)
                break
    assert len(told) > len(LOOKING_UP) // 2
