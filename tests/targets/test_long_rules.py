"""Rules whose CEL is longer than the engines read: a gap that says what to do, where there is no other language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.passes import bind_parameters
from cmpolicy.pipeline import rule_text
from cmpolicy.targets import load_target
from cmpolicy.targets.admission import longest_expression, program_of, weight
from cmpolicy.targets.protocol import GapStatus, Options

from tests.sample_rules import LOOKUPS, REPLICAS, RULES, eq, obj

MOST_FOR_EACH = 100
"""Code points for each node and character; `SMALL_RULE` says that there are fewer."""


def asking(options: Sequence[str]) -> ir.Rule:
    """A rule whose condition asks for one after the other of these."""
    return replace(REPLICAS, condition=ir.Or(tuple(eq(obj("spec", "paused"), each) for each in options)))


LONG = asking([f"{number:04}" for number in range(4000)])
SHORT = asking([f"{number:04}" for number in range(200)])


@pytest.mark.parametrize("target", ["kyverno-cel", "vap"])
def test_a_rule_that_is_too_long_is_a_gap(target: str) -> None:
    gap = load_target(target).gap(LONG)
    assert gap is not None
    assert gap.status is GapStatus.NEVER
    assert "CEL takes 100,000 characters" in gap.reason
    assert "write two rules" in gap.reason
    assert load_target(target).gap(SHORT) is None


def test_jmespath_may_be_of_any_length() -> None:
    assert load_target("kyverno").gap(LONG) is None


@pytest.mark.parametrize(("rule", "engines"), [(LONG, ["Rego"]), (SHORT, ["K8sNativeValidation", "Rego"])])
def test_gatekeeper_has_it_in_rego_alone(rule: ir.Rule, engines: list[str]) -> None:
    text = rule_text(rule, load_target("gatekeeper"), Options())
    assert text is not None
    (template,) = [each for each in yaml.safe_load_all(text) if each and each["kind"] == "ConstraintTemplate"]
    assert [each["engine"] for each in template["spec"]["targets"][0]["code"]] == engines


def test_small_rules_are_nowhere_near_the_limit() -> None:
    rules = [*RULES, *LOOKUPS, *load_packs(built_in_packs()).rules]
    lengths = {rule.id: longest_expression(program_of(bind_parameters(rule))) / weight(rule) for rule in rules}
    assert len(lengths) > 90
    assert {each: ratio for each, ratio in lengths.items() if ratio >= MOST_FOR_EACH} == {}
