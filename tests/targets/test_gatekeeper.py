"""Gatekeeper's files say what the rule says, in both engines, at every enforcement point."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.passes import set_parameters
from cmpolicy.targets.gatekeeper.constraint import constraint, match
from cmpolicy.targets.gatekeeper.names import constraint_kind, package_name, template_name
from cmpolicy.targets.gatekeeper.package import TARGET
from cmpolicy.targets.gatekeeper.suite import document
from cmpolicy.targets.gatekeeper.template import parameters_schema, template
from cmpolicy.targets.protocol import GapStatus, Options, packaged
from cmpolicy.values import JsonMap

from tests.sample_rules import CONFIG_MAP, DEPLOYMENT, MEMORY, NAMESPACE, OWNER, PDB, POD, PRIORITY, REPLICAS, RULES

AUDIT, ENFORCE = Options(), Options(enforce=True)
FILES = {file.path: file for file in packaged(TARGET, RULES, AUDIT)}


def sources(rule: ir.Rule) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the template of a rule gives the CEL engine and the Rego engine, which must stand in this order."""
    document: Any = template(rule)
    (target,) = document["spec"]["targets"]
    cel, rego = target["code"]
    assert (cel["engine"], rego["engine"]) == ("K8sNativeValidation", "Rego")
    return cel["source"], rego["source"]


class TestNames:
    def test_kind_template_and_package(self) -> None:
        assert constraint_kind("cm-webhook-replicas") == "CmpolicyCmWebhookReplicas"
        assert template_name("cm-webhook-replicas") == "cmpolicycmwebhookreplicas"
        assert package_name("cm-webhook-replicas") == "cm_webhook_replicas"

    @pytest.mark.parametrize(("letters", "fits"), [(51, True), (52, False)])
    def test_a_name_that_gatekeeper_refuses_is_a_gap(self, letters: int, fits: bool) -> None:
        gap = TARGET.gap(replace(REPLICAS, id="a" * letters))
        assert (gap is None) == fits
        assert gap is None or (gap.status is GapStatus.NEVER and "59" in gap.reason)

    def test_ids_that_differ_only_in_where_words_end_clash(self) -> None:
        clashing = [replace(REPLICAS, id="cm-web-hook"), replace(REPLICAS, id="cm-webhook")]
        with pytest.raises(CmpolicyError) as caught:
            packaged(TARGET, clashing, AUDIT)
        (diagnostic,) = caught.value.diagnostics
        assert "`cm-web-hook` and `cm-webhook`" in diagnostic.message
        assert diagnostic.help

    def test_no_sample_is_a_gap(self) -> None:
        assert [rule.id for rule in RULES if TARGET.gap(rule)] == []


class TestFolder:
    def test_each_rule_has_its_files(self) -> None:
        for rule in RULES:
            assert FILES[f"templates/{rule.id}.yaml"].rule == FILES[f"constraints/{rule.id}.yaml"].rule == rule.id
        assert len([path for path in FILES if path.startswith("templates/")]) == len(RULES)

    def test_templates_come_before_constraints(self) -> None:
        kustomization = yaml.safe_load(FILES["kustomization.yaml"].text)
        ids = sorted(rule.id for rule in RULES)
        assert kustomization["resources"] == [
            f"{kind}/{id_}.yaml" for kind in ("templates", "constraints") for id_ in ids
        ]
        waves = [
            int(yaml.safe_load(FILES[path].text)["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])
            for path in kustomization["resources"]
        ]
        assert waves == sorted(waves)
        assert len(set(waves)) == 2

    def test_the_order_of_the_rules_changes_nothing(self) -> None:
        assert list(packaged(TARGET, RULES[::-1], AUDIT)) == list(FILES.values())

    def test_paths_are_sorted(self) -> None:
        assert list(FILES) == sorted(FILES)


class TestTemplate:
    def test_identity(self) -> None:
        found: Any = template(REPLICAS)
        assert found["apiVersion"] == "templates.gatekeeper.sh/v1"
        assert found["metadata"]["name"] == found["spec"]["crd"]["spec"]["names"]["kind"].lower()
        assert found["metadata"]["annotations"]["metadata.gatekeeper.sh/title"] == "Webhooks run three or more replicas"
        assert found["metadata"]["annotations"]["cmpolicy.dev/severity"] == "high"

    def test_both_engines_are_written_out(self) -> None:
        cel, rego = sources(REPLICAS)
        assert (cel["failurePolicy"], cel["generateVAP"]) == ("Fail", False)
        assert len(cel["validations"]) == 1
        assert rego["version"] == "v1"
        assert "import" not in rego["rego"]
        assert 'violation contains {"msg": message, "details": {"rule": "sample-webhook-replicas"}}' in rego["rego"]

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_cel_uses_only_what_gatekeeper_declares(self, rule: ir.Rule) -> None:
        cel, _ = sources(rule)
        names = [variable["name"] for variable in cel["variables"]]
        assert len(names) == len(set(names))
        assert not {"params", "anyObject"} & set(names)
        assert not any(name.startswith("gatekeeper_internal_") for name in names)
        assert "matchConditions" not in cel

    def test_both_engines_test_the_version_that_matching_cannot(self) -> None:
        cel, rego = sources(REPLICAS)
        assert '[["apps/v1", "Deployment"]]' in cel["validations"][0]["expression"]
        assert 'manifest.apiVersion == "apps/v1"' in rego["rego"]

    @pytest.mark.parametrize(
        ("operations", "others"),
        [
            ((ir.Operation.CREATE, ir.Operation.UPDATE), ["DELETE", "CONNECT"]),
            ((ir.Operation.CREATE,), ["UPDATE", "DELETE", "CONNECT"]),
        ],
    )
    def test_both_engines_pass_over_other_operations(
        self, operations: tuple[ir.Operation, ...], others: list[str]
    ) -> None:
        cel, rego = sources(replace(REPLICAS, operations=operations))
        assert cel["validations"][0]["expression"].startswith(f"request.operation in {json.dumps(others)} || ")
        assert f'not object.get(input, ["review", "operation"], null) in {json.dumps(others)}\n' in rego["rego"]

    def test_a_rule_that_is_not_about_creation_needs_its_own_operation(self) -> None:
        cel, rego = sources(replace(REPLICAS, operations=(ir.Operation.UPDATE,)))
        assert cel["validations"][0]["expression"].startswith('!(request.operation in ["UPDATE"]) || ')
        assert '\tobject.get(input, ["review", "operation"], null) in ["UPDATE"]\n' in rego["rego"]

    def test_a_deleted_object_is_found_where_the_request_has_none(self) -> None:
        _, rego = sources(replace(REPLICAS, operations=(ir.Operation.DELETE,)))
        found = 'default_to(object.get(input, ["review", "object"], null), object.get(input, ["review", "oldObject"], null))'
        assert f"manifest := {found}\n" in rego["rego"]
        assert found not in sources(REPLICAS)[1]["rego"]


class TestParameters:
    def test_schema_is_structural_and_has_defaults(self) -> None:
        assert parameters_schema(REPLICAS) == {
            "type": "object",
            "description": "Parameters of the rule sample-webhook-replicas",
            "properties": {
                "minimum": {
                    "type": "integer",
                    "minimum": -(2**53 - 1),
                    "maximum": 2**53 - 1,
                    "nullable": True,
                    "description": "How many replicas a webhook runs at least",
                    "default": 3,
                }
            },
        }

    @pytest.mark.parametrize("type_", ir.ParameterType)
    def test_every_level_has_type_and_description(self, type_: ir.ParameterType) -> None:
        parameter = ir.Param("p", type_, "x")
        pending: list[Any] = [parameters_schema(replace(REPLICAS, parameters=(parameter,)))]
        while pending:
            schema = pending.pop()
            assert schema["type"]
            assert schema["description"]
            pending += [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]

    def test_a_list_is_a_list(self) -> None:
        schema: Any = parameters_schema(PRIORITY)
        allowed = schema["properties"]["allowed"]
        assert (allowed["type"], allowed["items"]["type"]) == ("array", "string")
        assert allowed["default"] == ["system-cluster-critical", "system-node-critical"]

    def test_the_constraint_writes_them_out(self) -> None:
        changed: Any = constraint(set_parameters(MEMORY, {"limit": "1Gi"}), AUDIT)
        assert changed["spec"]["parameters"] == {"limit": "1Gi"}

    def test_no_parameters_no_field(self) -> None:
        bare: Any = constraint(next(rule for rule in RULES if not rule.parameters), AUDIT)
        assert "parameters" not in bare["spec"]

    def test_values_of_a_build_are_the_defaults_of_the_template(self) -> None:
        changed = set_parameters(REPLICAS, {"minimum": 5})
        cel, rego = sources(changed)
        assert "dyn(5)" in next(v["expression"] for v in cel["variables"] if v["name"] == "minimum")
        assert '"minimum": default_to(object.get(input, ["parameters", "minimum"], null), 5)' in rego["rego"]


class TestConstraint:
    @pytest.mark.parametrize(("options", "action"), [(AUDIT, "warn"), (ENFORCE, "deny")])
    def test_every_point_but_the_generated_policy_has_the_action(self, options: Options, action: str) -> None:
        found: Any = constraint(REPLICAS, options)
        assert found["kind"] == constraint_kind(REPLICAS.id)
        assert found["metadata"]["name"] == REPLICAS.id
        assert found["spec"]["enforcementAction"] == "scoped"
        (scoped,) = found["spec"]["scopedEnforcementActions"]
        points = [point["name"] for point in scoped["enforcementPoints"]]
        assert scoped["action"] == action
        assert points == ["validation.gatekeeper.sh", "audit.gatekeeper.sh", "gator.gatekeeper.sh"]

    def test_match_groups_kinds(self) -> None:
        several = replace(REPLICAS, kinds=(DEPLOYMENT, POD, PDB, CONFIG_MAP, NAMESPACE))
        assert match(several) == {
            "kinds": [
                {"apiGroups": ["apps"], "kinds": ["Deployment"]},
                {"apiGroups": [""], "kinds": ["Pod", "ConfigMap", "Namespace"]},
                {"apiGroups": ["policy"], "kinds": ["PodDisruptionBudget"]},
            ],
            "scope": "*",
            "source": "Original",
        }

    def test_argo_cd_waits_for_the_kind(self) -> None:
        found: Any = constraint(REPLICAS, AUDIT)
        option = found["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]
        assert option == "SkipDryRunOnMissingResource=true"


class TestSuite:
    def test_every_example_is_a_case_with_its_exact_message(self) -> None:
        suite = yaml.safe_load(FILES["tests/suite.yaml"].text)
        tests = {test["name"]: test for test in suite["tests"]}
        assert tests.keys() >= {rule.id for rule in RULES}
        for rule in RULES:
            assert len(tests[rule.id]["cases"]) == len(rule.about.good) + len(rule.about.bad)
        assert tests[REPLICAS.id]["cases"][0]["assertions"] == [{"violations": 0}]
        assert tests[REPLICAS.id]["cases"][2]["assertions"] == [
            {"violations": 1, "message": r"^webhook runs 2 replica\(s\); run at least 3$"}
        ]

    def test_every_path_exists(self) -> None:
        suite = yaml.safe_load(FILES["tests/suite.yaml"].text)
        for test in suite["tests"]:
            assert test["template"].removeprefix("../") in FILES
            assert test["constraint"].removeprefix("../") in FILES or f"tests/{test['constraint']}" in FILES
            assert all(f"tests/{case['object']}" in FILES for case in test["cases"])

    def test_a_rule_with_parameters_is_tested_without_them_too(self) -> None:
        suite = yaml.safe_load(FILES["tests/suite.yaml"].text)
        again = {test["name"]: test for test in suite["tests"] if test["name"].endswith(" without parameters")}
        assert len(again) == sum(bool(rule.parameters) for rule in RULES) > 0
        bare = yaml.safe_load(FILES[f"tests/{again[f'{OWNER.id} without parameters']['constraint']}"].text)
        assert "parameters" not in bare["spec"]

    @pytest.mark.parametrize("text", ["a\n\nb", "a\n# b", "a\n---\nb", "a\n  # b\n", "# a\nb"])
    def test_gator_cannot_cut_a_sample(self, text: str) -> None:
        written = document({"kind": "ConfigMap", "data": {"key": text}})
        assert json.loads(written) == {"kind": "ConfigMap", "data": {"key": text}}
        assert not any(line.strip() == "" or line.lstrip().startswith(("#", "---")) for line in written.splitlines())

    @pytest.mark.parametrize("character", ["\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "é", "😀"])
    def test_a_sample_that_gator_cannot_cut_is_the_same_to_every_reader(self, character: str) -> None:
        manifest: JsonMap = {"kind": "ConfigMap", "data": {"k": "a\n\nb", f"k{character}": f"a{character}b"}}
        written = document(manifest)
        assert json.loads(written) == manifest
        assert yaml.load(written, yaml.CSafeLoader) == manifest

    def test_other_samples_are_yaml(self) -> None:
        assert document({"kind": "ConfigMap", "data": {"key": "a\nb"}}).startswith("kind: ConfigMap\n")
