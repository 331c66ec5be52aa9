"""A ValidatingAdmissionPolicy and its binding say what the rule says, as the API server would store them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.targets.protocol import GapStatus, Options, packaged
from cmpolicy.targets.vap.package import TARGET, policy_and_binding

from tests.sample_rules import MEMORY, PRIORITY, REPLICAS, RULES

AUDIT, ENFORCE = Options(), Options(enforce=True)


def objects(rule: ir.Rule, options: Options = AUDIT) -> tuple[Any, Any]:
    return policy_and_binding(rule, options)


@pytest.mark.parametrize(
    ("options", "actions", "failure"), [(AUDIT, ["Warn", "Audit"], "Ignore"), (ENFORCE, ["Deny", "Audit"], "Fail")]
)
def test_the_binding_acts_and_never_both_denies_and_warns(options: Options, actions: list[str], failure: str) -> None:
    policy, binding = objects(REPLICAS, options)
    assert binding["spec"]["validationActions"] == actions
    assert policy["spec"]["failurePolicy"] == failure


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_binding_is_of_the_policy_and_matches_what_it_matches(rule: ir.Rule) -> None:
    policy, binding = objects(rule)
    assert policy["metadata"]["name"] == binding["metadata"]["name"] == binding["spec"]["policyName"] == rule.id
    assert binding["spec"]["matchResources"] == policy["spec"]["matchConstraints"]


def test_what_the_api_server_defaults_is_written_out() -> None:
    policy, _ = objects(MEMORY)
    matched = policy["spec"]["matchConstraints"]
    assert matched["matchPolicy"] == "Equivalent"
    assert (matched["namespaceSelector"], matched["objectSelector"]) == ({}, {})
    assert [rule["scope"] for rule in matched["resourceRules"]] == ["*", "*", "*"]


def test_annotations_tell_what_the_rule_is_about() -> None:
    policy, binding = objects(PRIORITY)
    assert policy["metadata"] == binding["metadata"]
    assert policy["metadata"]["annotations"] == {
        "cmpolicy.dev/title": PRIORITY.about.title,
        "cmpolicy.dev/category": "High availability",
        "cmpolicy.dev/severity": "critical",
        "cmpolicy.dev/description": PRIORITY.about.description,
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_message_without_line_breaks_stands_beside_every_expression(rule: ir.Rule) -> None:
    """The API server asks for one where an expression has line breaks, and allows it none."""
    (validation,) = objects(rule)[0]["spec"]["validations"]
    assert validation["message"].strip()
    assert "\n" not in validation["message"]


def test_files() -> None:
    found = {file.path: file for file in packaged(TARGET, (MEMORY, REPLICAS), AUDIT)}
    documents = list(yaml.safe_load_all(found[f"policies/{REPLICAS.id}.yaml"].text))
    assert [document["kind"] for document in documents] == [
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    ]
    assert tuple(documents) == objects(REPLICAS)
    policies = [f"policies/{rule.id}.yaml" for rule in (MEMORY, REPLICAS)]
    assert yaml.safe_load(found["kustomization.yaml"].text)["resources"] == policies
    test = yaml.safe_load(found[f"tests/{REPLICAS.id}/good-1/kyverno-test.yaml"].text)
    (result,) = test["results"]
    assert (result["isValidatingAdmissionPolicy"], result["result"]) == (True, "pass")


@pytest.mark.parametrize(("letters", "fits"), [(253, True), (254, False)])
def test_a_name_that_the_api_server_refuses_is_a_gap(letters: int, fits: bool) -> None:
    gap = TARGET.gap(replace(REPLICAS, id="a" * letters))
    assert (gap is None) == fits
    assert gap is None or (gap.status is GapStatus.NEVER and "253" in gap.reason)
