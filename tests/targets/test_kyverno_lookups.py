"""Rules that look up other objects, as ClusterPolicies: what Kyverno calls for, may read, and is given offline."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.passes import normalize
from cmpolicy.targets.kyverno.package import TARGET, cluster_policy
from cmpolicy.targets.kyverno.values import VALUES
from cmpolicy.targets.protocol import Options, packaged
from cmpolicy.values import JsonMap

from tests.sample_rules import BUDGETED, CLASSED, LOOKUPS, REPLICAS, ROOM
from tests.schemas.validation import known, problems, schema_name

AUDIT = Options()
SUBSTITUTED = re.compile(r"\{\{.*?\}\}")


def rule_of(rule: ir.Rule, options: Options = AUDIT) -> Mapping[str, object]:
    policy = yaml.safe_load(yaml.safe_dump(cluster_policy(normalize(rule), options)))
    (found,) = policy["spec"]["rules"]
    assert isinstance(found, Mapping)
    return found


@pytest.mark.parametrize("enforce", [False, True], ids=["audit", "enforce"])
def test_what_is_emitted_passes_its_schema(enforce: bool) -> None:
    files = packaged(TARGET, tuple(map(normalize, LOOKUPS)), Options(enforce=enforce))
    documents = [yaml.safe_load(file.text) for file in files if file.path.endswith(".yaml")]
    checked = [document for document in documents if known(document)]
    assert [found for document in checked if (found := problems(document, None))] == []
    assert {"kyverno.io/v1/ClusterPolicy", "cli.kyverno.io/v1alpha1/Values"} <= set(map(schema_name, checked))


@pytest.mark.parametrize("rule", LOOKUPS, ids=lambda rule: rule.id)
def test_kyverno_puts_only_variables_of_the_rule_in(rule: ir.Rule) -> None:
    found = rule_of(rule)
    assert isinstance(found["context"], list)
    names = {entry["name"] for entry in found["context"]}
    used = [text[2:-2].strip() for text in SUBSTITUTED.findall(str(found))]
    assert used
    assert set(used) <= names


def test_a_rule_that_looks_nothing_up_calls_for_nothing() -> None:
    assert "apiCall" in str(rule_of(BUDGETED)["context"])
    assert "apiCall" not in str(rule_of(REPLICAS)["context"])


def test_an_update_of_what_failed_before_is_judged_too() -> None:
    validate = rule_of(BUDGETED, Options(enforce=True))["validate"]
    assert isinstance(validate, Mapping)
    assert validate["allowExistingViolations"] is False


def test_nothing_is_looked_up_for_what_the_rule_is_not_about() -> None:
    """The conditions are asked for in their order, and a variable is computed when it is."""
    validate = rule_of(BUDGETED)["validate"]
    assert isinstance(validate, Mapping)
    keys = [condition["key"] for condition in validate["deny"]["conditions"]["all"]]
    assert keys == ["{{ applies }}", "{{ fails }}"]
    entries = rule_of(BUDGETED)["context"]
    assert isinstance(entries, list)
    (applies,) = (entry["variable"]["jmesPath"] for entry in entries if entry["name"] == "applies")
    assert "known_" not in applies


def test_kyverno_may_read_what_is_looked_up() -> None:
    files = {file.path: file.text for file in packaged(TARGET, (normalize(BUDGETED), normalize(CLASSED)), Options())}
    allowed = {resource for rule in yaml.safe_load(files["access.yaml"])["rules"] for resource in rule["resources"]}
    assert allowed == {"poddisruptionbudgets", "priorityclasses", "deployments"}
    assert "access.yaml" in yaml.safe_load(files["kustomization.yaml"])["resources"]


def test_a_folder_that_looks_nothing_up_asks_for_no_access() -> None:
    assert "access.yaml" not in {file.path for file in packaged(TARGET, (normalize(REPLICAS),), Options())}


def test_the_command_line_is_given_all_objects_of_each_kind() -> None:
    example = next(each for each in CLASSED.about.good if each.others)
    given = VALUES.document(CLASSED, example.others)["policies"]
    assert given == [{"name": CLASSED.id, "rules": [{"name": CLASSED.id, "values": _by_kind(example.others)}]}]


def test_the_command_line_is_told_where_there_are_none() -> None:
    (policy,) = _list(VALUES.document(ROOM, ())["policies"])
    (rule,) = _list(policy["rules"])
    assert rule["values"] == {"known_poddisruptionbudgets": []}


def _by_kind(others: tuple[JsonMap, ...]) -> dict[str, list[JsonMap]]:
    kinds = {"known_priorityclasses": "PriorityClass", "known_deployments": "Deployment"}
    return {name: [other for other in others if other["kind"] == kind] for name, kind in kinds.items()}


def _list(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)
    return value
