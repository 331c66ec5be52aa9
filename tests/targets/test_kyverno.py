"""A ClusterPolicy says what the rule says, with nothing left for Kyverno to fill in, match or replace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.kyverno.package import TARGET, cluster_policy, selector
from cmpolicy.targets.protocol import File, GapStatus, Options, packaged

from tests.sample_rules import BUDGET, DEPLOYMENT, MEMORY, NAMESPACE, OWNER, POD, PRIORITY, REPLICAS, RULES, manifest

AUDIT, ENFORCE = Options(), Options(enforce=True)
PREFIX = "policies.kyverno.io"


def policy(rule: ir.Rule, options: Options = AUDIT) -> Any:
    return cluster_policy(rule, options)


def only_rule(rule: ir.Rule, options: Options = AUDIT) -> Any:
    (found,) = policy(rule, options)["spec"]["rules"]
    return found


def context(rule: ir.Rule) -> dict[str, str]:
    return {entry["name"]: entry["variable"]["jmesPath"] for entry in only_rule(rule)["context"]}


def files(*rules: ir.Rule) -> dict[str, File]:
    return {file.path: file for file in packaged(TARGET, rules, AUDIT)}


@pytest.mark.parametrize(("options", "action", "failure"), [(AUDIT, "Audit", "Ignore"), (ENFORCE, "Enforce", "Fail")])
def test_the_action_is_said_once_for_all(options: Options, action: str, failure: str) -> None:
    spec = policy(REPLICAS, options)["spec"]
    assert spec["validationFailureAction"] == only_rule(REPLICAS, options)["validate"]["failureAction"] == action
    assert spec["webhookConfiguration"] == {"failurePolicy": failure}


def test_everything_that_the_crd_defaults_is_written_out() -> None:
    spec, rule = policy(REPLICAS)["spec"], only_rule(REPLICAS)
    assert (spec["admission"], spec["background"], spec["emitWarning"]) == (True, True, False)
    assert rule["skipBackgroundRequests"] is True
    assert rule["validate"]["allowExistingViolations"] is False


def test_workloads_are_named_and_never_generated() -> None:
    annotations = policy(MEMORY)["metadata"]["annotations"]
    assert annotations["pod-policies.kyverno.io/autogen-controllers"] == "none"
    assert only_rule(MEMORY)["match"] == {
        "any": [
            {
                "resources": {
                    "kinds": ["/v1/Pod", "apps/v1/Deployment", "batch/v1/CronJob"],
                    "operations": ["CREATE", "UPDATE"],
                }
            }
        ]
    }
    assert "exclude" not in only_rule(MEMORY)


def test_a_kind_of_the_core_group_is_not_one_of_any_group() -> None:
    assert [selector(kind) for kind in (POD, DEPLOYMENT, NAMESPACE)] == [
        "/v1/Pod",
        "apps/v1/Deployment",
        "/v1/Namespace",
    ]


@pytest.mark.parametrize(
    ("rule", "scanned"),
    [
        pytest.param(REPLICAS, True, id="reads_the_object"),
        pytest.param(OWNER, False, id="reads_the_old_object"),
        pytest.param(replace(REPLICAS, operations=(ir.Operation.UPDATE,)), False, id="is_about_updates_alone"),
    ],
)
def test_stored_objects_are_scanned_unless_only_a_request_can_be_judged(rule: ir.Rule, scanned: bool) -> None:
    assert policy(rule)["spec"]["background"] is scanned


def test_annotations_are_those_of_the_catalogue() -> None:
    annotations = policy(PRIORITY)["metadata"]["annotations"]
    assert annotations[f"{PREFIX}/title"] == PRIORITY.about.title
    assert annotations[f"{PREFIX}/severity"] == "critical"
    assert annotations[f"{PREFIX}/category"] == "High availability"
    assert annotations[f"{PREFIX}/subject"] == "Deployment, DaemonSet"
    assert annotations[f"{PREFIX}/description"] == PRIORITY.about.description
    assert f"{PREFIX}/category" not in policy(replace(PRIORITY, about=ir.About()))["metadata"]["annotations"]


def test_parameters_are_bound() -> None:
    text = str(policy(replace(REPLICAS, id="r")))
    assert ">= `3`" in text
    assert "minimum" not in text


@pytest.mark.parametrize(
    ("message", "shown", "computed"),
    [
        pytest.param(("at least ", ir.Const(3)), "at least 3", None, id="constant"),
        pytest.param(("a {{ x }}",), "{{ message }}", r'`"a \u007b\u007b x \u007d\u007d"`', id="variable"),
        pytest.param(("a $(x)",), "{{ message }}", r'`"a \u0024(x)"`', id="reference"),
        pytest.param(("a $x {y}",), "a $x {y}", None, id="neither"),
    ],
)
def test_kyverno_replaces_nothing_in_a_constant_message(message: ir.Message, shown: str, computed: str | None) -> None:
    rule = replace(REPLICAS, message=message)
    assert only_rule(rule)["validate"]["message"] == shown
    found = context(rule).get("message")
    assert found == (computed and f'join(`""`, [{computed}])')


def test_a_message_with_values_is_computed() -> None:
    assert only_rule(BUDGET)["validate"]["message"] == "{{ message }}"
    assert "object.metadata.name" in context(BUDGET)["message"]


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("a" * 63, None),
        ("a" * 64, "63 characters"),
        ("autogen-x", "drops it"),
        ("autogenerated", None),
    ],
)
def test_a_name_that_kyverno_refuses_is_a_gap(id_: str, reason: str | None) -> None:
    gap = TARGET.gap(replace(REPLICAS, id=id_))
    if reason is None:
        assert gap is None
    else:
        assert gap is not None
        assert gap.status is GapStatus.NEVER
        assert reason in gap.reason


def test_files() -> None:
    found = packaged(TARGET, (OWNER, REPLICAS), AUDIT)
    paths = [file.path for file in found]
    assert paths == sorted(paths)
    policies = [f"policies/{rule.id}.yaml" for rule in (OWNER, REPLICAS)]
    assert [path for path in paths if path.startswith("policies/")] == policies
    assert yaml.safe_load(files(OWNER, REPLICAS)["kustomization.yaml"].text)["resources"] == policies
    assert {file.rule for file in found} == {None, OWNER.id, REPLICAS.id}


def test_each_example_is_a_test_of_its_own_on_the_policy_and_the_object() -> None:
    found = files(*RULES)
    tests = {path: yaml.safe_load(file.text) for path, file in found.items() if path.endswith("kyverno-test.yaml")}
    assert len(tests) == sum(len(rule.about.good) + len(rule.about.bad) for rule in RULES)
    for path, test in tests.items():
        folder, policy_path = path.removesuffix("/kyverno-test.yaml"), test["policies"][0]
        assert policy_path.removeprefix("../../../") in found
        (result,) = test["results"]
        resource = yaml.safe_load(found[f"{folder}/resource.yaml"].text)
        identity = [resource["metadata"][key] for key in ("namespace", "name") if key in resource["metadata"]]
        assert result["resources"] == ["/".join(identity)]
        assert result["kind"] == resource["kind"]
        assert result["policy"] == result["rule"] == folder.split("/")[1]
        assert result["result"] == ("fail" if "/bad-" in folder else "pass")


def test_an_object_without_a_namespace_is_judged_in_the_one_that_the_command_line_gives_it() -> None:
    in_default = ir.Eq(ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace"), ir.Const("default"))
    nowhere = manifest(DEPLOYMENT, "app", {"spec": {}}, namespace=None)
    cluster_wide = manifest(NAMESPACE, "app", {})
    about = ir.About(bad=(ir.Example(nowhere), ir.Example(cluster_wide)))
    rule = replace(REPLICAS, id="r", kinds=(DEPLOYMENT, NAMESPACE), when=ir.TRUE, condition=in_default, about=about)
    results = [
        yaml.safe_load(files(rule)[f"tests/r/bad-{n}/kyverno-test.yaml"].text)["results"][0]["result"] for n in (1, 2)
    ]
    assert results == ["pass", "fail"]


def test_a_rule_about_no_creation_has_no_tests_as_the_command_line_creates() -> None:
    assert [path for path in files(replace(REPLICAS, operations=(ir.Operation.DELETE,))) if "tests/" in path] == []


def test_binding_parameters_changes_nothing() -> None:
    assert [policy(rule) for rule in RULES] == [policy(bind_parameters(rule)) for rule in RULES]
