"""A ValidatingPolicy says what the rule says, with nothing left for Kyverno to assume."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.targets import load_target
from cmpolicy.targets.kyverno_cel.package import TARGET, validating_policy
from cmpolicy.targets.protocol import Options, packaged

from tests.sample_rules import MEMORY, OWNER, PRIORITY, REPLICAS, RULES

AUDIT, ENFORCE = Options(), Options(enforce=True)


def spec(rule: ir.Rule, options: Options = AUDIT) -> Any:
    return validating_policy(rule, options)["spec"]


@pytest.mark.parametrize(("options", "actions", "failure"), [(AUDIT, ["Audit"], "Ignore"), (ENFORCE, ["Deny"], "Fail")])
def test_the_action_is_never_left_out_which_would_deny(options: Options, actions: list[str], failure: str) -> None:
    assert spec(REPLICAS, options)["validationActions"] == actions
    assert spec(REPLICAS, options)["failurePolicy"] == failure


def test_nothing_is_generated_from_the_policy() -> None:
    assert spec(MEMORY)["autogen"] == {
        "podControllers": {"controllers": []},
        "validatingAdmissionPolicy": {"enabled": False},
    }


def test_kinds_are_matched_by_group_and_version_and_debug_containers_through_their_subresource() -> None:
    rules = spec(MEMORY)["matchConstraints"]["resourceRules"]
    assert [(rule["apiGroups"], rule["apiVersions"], rule["resources"]) for rule in rules] == [
        ([""], ["v1"], ["pods", "pods/ephemeralcontainers"]),
        (["apps"], ["v1"], ["deployments"]),
        (["batch"], ["v1"], ["cronjobs"]),
    ]
    assert {tuple(rule["operations"]) for rule in rules} == {("CREATE", "UPDATE")}


def test_kinds_of_one_group_and_version_share_a_rule() -> None:
    (rule,) = spec(PRIORITY)["matchConstraints"]["resourceRules"]
    assert rule["resources"] == ["deployments", "daemonsets"]


def test_what_would_cost_a_webhook_of_its_own_is_left_out() -> None:
    assert set(spec(REPLICAS)["matchConstraints"]) == {"resourceRules"}
    assert not {"matchConditions", "webhookConfiguration"} & set(spec(REPLICAS))


@pytest.mark.parametrize(("rule", "scanned"), [(REPLICAS, True), (OWNER, False)], ids=["object", "old_object"])
def test_evaluation_is_written_out(rule: ir.Rule, scanned: bool) -> None:
    assert spec(rule)["evaluation"] == {
        "mode": "Kubernetes",
        "admission": {"enabled": True},
        "background": {"enabled": scanned},
    }


def expressions(spec: Any) -> list[str]:
    """Every variable, expression and message, without the white space and parentheses that the length of lines decides on."""
    parts = (*spec.get("variables", ()), *spec["validations"])
    return [re.sub(r"[\s()]", "", text) for part in parts for text in part.values()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_expressions_are_those_of_the_api_servers_own_policy(rule: ir.Rule) -> None:
    """There alone an object has a type, which `dyn` takes away."""
    (other,) = (
        each
        for file in packaged(load_target("vap"), (rule,), AUDIT)
        for each in yaml.safe_load_all(
            file.text.replace("dyn(object)", "object").replace("dyn(oldObject)", "oldObject")
        )
        if file.path == f"policies/{rule.id}.yaml" and each["kind"] == "ValidatingAdmissionPolicy"
    )
    assert expressions(spec(rule)) == expressions(other["spec"])


def test_a_constant_message_stands_as_it_is_since_nothing_is_replaced_in_it() -> None:
    (validation,) = spec(replace(REPLICAS, message=("a {{ x }} $(y)",)))["validations"]
    assert validation["message"] == "a {{ x }} $(y)"
    assert "messageExpression" not in validation


def test_tests_are_about_a_validating_policy() -> None:
    found = {file.path: yaml.safe_load(file.text) for file in packaged(TARGET, (REPLICAS,), AUDIT)}
    (result,) = found[f"tests/{REPLICAS.id}/bad-2/kyverno-test.yaml"]["results"]
    assert result == {
        "policy": REPLICAS.id,
        "isValidatingPolicy": True,
        "kind": "Deployment",
        "resources": ["sample/webhook"],
        "result": "fail",
    }


def test_the_gaps_are_those_of_kyverno() -> None:
    assert TARGET.gap(replace(REPLICAS, id="a" * 64)) is not None
    assert [rule.id for rule in RULES if TARGET.gap(rule)] == []
