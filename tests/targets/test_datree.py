"""The policy file for Datree: what its loader asks for, one dialect per rule, and what it cannot carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.passes import normalize
from cmpolicy.targets.datree.gaps import gap, identifier
from cmpolicy.targets.datree.json_text import json_text
from cmpolicy.targets.datree.package import TARGET, message
from cmpolicy.targets.datree.reserved import RESERVED
from cmpolicy.targets.datree.schema import schema_of
from cmpolicy.targets.protocol import GapStatus, Options, packaged
from cmpolicy.values import Json

from tests.sample_rules import CONFIG_MAP, DEPLOYMENT, MEMORY, NAMESPACE, POD, PRIORITY, REPLICAS, RULES, obj, pod

NAME_PATTERN = re.compile(r"([A-Za-z0-9])+(_?[A-Za-z0-9])*\Z")
CARRIED = tuple(normalize(rule) for rule in RULES if TARGET.gap(rule) is None)


def files(*rules: ir.Rule) -> dict[str, str]:
    return {file.path: file.text for file in packaged(TARGET, rules, Options())}


def policies(*rules: ir.Rule) -> Any:
    return yaml.safe_load(files(*rules)["policies.yaml"])


def schemas() -> Iterator[tuple[str, Any]]:
    """Each custom rule's identifier and schema, read from the policy file of every rule."""
    for custom in policies(*CARRIED)["customRules"]:
        assert ("schema" in custom) is not ("jsonSchema" in custom)
        yield custom["identifier"], custom.get("schema") or json.loads(custom["jsonSchema"])


def walk(value: Json, inside: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value in a schema with the keywords and names that lead to it."""
    yield inside, value
    entries = value.items() if isinstance(value, Mapping) else [] if not isinstance(value, list) else enumerate(value)
    for key, inner in entries:
        yield from walk(inner, (*inside, str(key)))


def rule(**changes: Any) -> ir.Rule:
    """A rule without parts that the test does not name."""
    plain = ir.Rule("cm-x", (DEPLOYMENT,), (ir.Operation.CREATE,), ir.TRUE, ir.Exists(obj("spec", "x")), ("no x",))
    return replace(plain, **changes)


def test_the_one_default_policy_lists_every_rule_with_its_message() -> None:
    document = policies(*CARRIED)
    assert document["apiVersion"] == "v1"
    (policy,) = document["policies"]
    assert policy["isDefault"] is True
    assert NAME_PATTERN.match(policy["name"])
    listed = {each["identifier"]: each["messageOnFailure"] for each in policy["rules"]}
    assert listed == {custom["identifier"]: custom["defaultMessageOnFailure"] for custom in document["customRules"]}
    assert list(listed) == sorted(identifier(each) for each in CARRIED)


def test_the_order_of_the_rules_does_not_show() -> None:
    assert files(*CARRIED) == files(*reversed(CARRIED))


def test_without_rules_the_file_still_loads() -> None:
    assert policies() == {
        "apiVersion": "v1",
        "policies": [{"name": "cmpolicy", "isDefault": True, "rules": []}],
        "customRules": [],
    }


def test_a_name_tells_title_and_severity() -> None:
    (custom,) = policies(REPLICAS)["customRules"]
    assert custom["name"] == "Webhooks run three or more replicas (high)"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "no x", id="constant"),
        pytest.param({"message": ("run ", ir.Const(3), " or ", ir.Const(True))}, "run 3 or true", id="constants"),
        pytest.param({"message": (obj("kind"), " has no x")}, "cm-x", id="values_without_a_title"),
        pytest.param(
            {"message": (obj("kind"), " has no x"), "about": ir.About(title="X is set", remedy="Set x.")},
            "X is set. Set x.",
            id="values",
        ),
    ],
)
def test_a_message_shows_no_values(changes: dict[str, Any], expected: str) -> None:
    assert message(rule(**changes)) == expected


def test_a_parameter_shows_in_a_message() -> None:
    parameter = ir.Param("least", ir.ParameterType.INTEGER, 3)
    assert message(rule(message=("run ", parameter), parameters=(parameter,))) == "run 3"


def test_an_object_is_gated_by_version_and_kind() -> None:
    """Without `required` a document that has no kind would match, and without the version another group's kind."""
    gate = {"apiVersion": {"const": "apps/v1"}, "kind": {"const": "Deployment"}}
    required = {"type": "object", "required": ["apiVersion", "kind"]}
    assert schema_of(rule())["if"] == {**required, "properties": gate}
    when = ir.Exists(obj("metadata", "name"))
    with_when = schema_of(rule(when=when))["if"]
    assert isinstance(with_when, dict)
    assert with_when["required"] == ["apiVersion", "kind", "metadata"]


def test_kinds_that_are_read_alike_share_a_clause() -> None:
    daemon_set, job = replace(DEPLOYMENT, kind="DaemonSet"), ir.Kind("batch", "v1", "Job", "jobs", namespaced=True)
    shared = schema_of(rule(kinds=(DEPLOYMENT, daemon_set, job), condition=ir.Exists(pod("priorityClassName"))))
    assert set(shared) == {"if", "then"}
    gates = shared["if"]
    assert isinstance(gates, dict)
    assert [gate["properties"]["kind"] for gate in gates["anyOf"]] == [
        {"enum": ["Deployment", "DaemonSet"]},
        {"const": "Job"},
    ]
    split = schema_of(rule(kinds=(DEPLOYMENT, POD), condition=ir.Exists(pod("priorityClassName"))))
    clauses = split["allOf"]
    assert isinstance(clauses, list)
    assert [clause["if"]["properties"]["kind"]["const"] for clause in clauses] == ["Deployment", "Pod"]


def test_what_a_schema_cannot_say_is_rego_behind_a_plain_gate() -> None:
    compared = schema_of(rule(condition=ir.Eq(obj("spec", "x"), obj("spec", "y"))))
    then = compared["then"]
    assert isinstance(then, dict)
    code = then["regoDefinition"]["code"]
    assert set(then) == {"regoDefinition"}
    # Datree takes the word after the first "package" for the package's name
    assert code.split()[:2] == ["package", "cmpolicy_cm_x"]
    assert compared["if"] == schema_of(rule())["if"]


def test_a_condition_of_when_that_needs_rego_moves_the_whole_rule() -> None:
    """Whatever goes wrong inside `if` is taken for an object that does not match."""
    when = ir.CompareQuantity(ir.Order.LESS, obj("spec", "cpu"), ir.Const("1"))
    assert "regoDefinition" in json.dumps(schema_of(rule(when=when)))
    assert "resourceMinimum" in json.dumps(schema_of(rule(condition=when)))


def test_every_rego_package_is_a_name_of_its_own() -> None:
    codes = [
        value for _, schema in schemas() for path, value in walk(schema) if path[-2:] == ("regoDefinition", "code")
    ]
    names = [str(code).split()[1] for code in codes]
    assert len(names) == len(set(names)) > 0
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in names)


def test_keywords_that_can_fail_stand_where_their_failure_counts() -> None:
    """Rego only right below the root's `then`; quantities only behind the grammar, and never in the root's `if`."""
    seen = set()
    for name, schema in schemas():
        for path, _ in walk(schema):
            if path and path[-1] in ("regoDefinition", "resourceMinimum", "resourceMaximum", "CELDefinition"):
                seen.add(path[-1])
                assert path[0] != "if", name
                assert path[-1] != "regoDefinition" or path == ("then", "regoDefinition"), name
    assert "regoDefinition" in seen


def test_schemas_keep_to_what_both_of_datrees_libraries_read_alike() -> None:
    for name, schema in schemas():
        for path, value in walk(schema):
            if path and path[-2:-1] != ("properties",):
                assert path[-1] not in ("$schema", "$id", "id", "format", "prefixItems", "additionalItems"), name
            if isinstance(value, dict) and "$ref" in value:
                assert set(value) == {"$ref"}, name
            if path and path[-1] in ("enum", "required") and isinstance(value, list):
                assert value, name
                assert len({json.dumps(each) for each in value}) == len(value), name
            if isinstance(value, dict) and path[-1:] != ("properties",):
                assert not isinstance(value.get("items"), list), name


def test_definitions_are_there_when_used() -> None:
    small = rule(condition=ir.CompareQuantity(ir.Order.AT_MOST, obj("spec", "cpu"), ir.Const("500m")))
    assert set(schema_of(small)) == {"definitions", "if", "then"}
    assert "definitions" not in schema_of(rule())
    assert "regoDefinition" in json.dumps(schema_of(MEMORY))


def test_rego_is_written_in_lines_and_schemas_as_json_text() -> None:
    rego, plain = policies(MEMORY)["customRules"][0], policies(PRIORITY)["customRules"][0]
    assert "schema" in rego
    assert "    code: |\n" in files(MEMORY)["policies.yaml"]
    assert json.loads(plain["jsonSchema"]) == schema_of(PRIORITY)
    assert plain["jsonSchema"].isascii()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"operations": (ir.Operation.DELETE,)}, "not about creating", id="deletion"),
        pytest.param({"operations": (ir.Operation.UPDATE,)}, "not about creating", id="update"),
        pytest.param({"condition": ir.Not(ir.Exists(ir.Old()))}, "before the request", id="old_object"),
        pytest.param({"when": ir.Exists(ir.Get(ir.Old(), "a"))}, "before the request", id="old_object_in_when"),
        pytest.param({"id": "srvacc-incorrect-automountserviceaccounttoken-value"}, "of its own", id="reserved"),
        pytest.param({"id": "a" * 64}, "at most 63 characters", id="long"),
        pytest.param({"id": "a--b"}, "no Datree identifier", id="two_dashes"),
        pytest.param({"id": "é"}, "no Datree identifier", id="not_ascii"),
    ],
)
def test_what_datree_cannot_carry(changes: dict[str, Any], reason: str) -> None:
    found = gap(rule(**changes))
    assert found is not None
    assert found.status is GapStatus.NEVER
    assert reason in found.reason


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="plain"),
        pytest.param({"operations": (ir.Operation.CREATE, ir.Operation.DELETE)}, id="also_deletion"),
        pytest.param({"id": "a" * 63}, id="as_long_as_can_be"),
        pytest.param({"kinds": (NAMESPACE, CONFIG_MAP)}, id="other_kinds"),
        pytest.param({"message": ("was ", ir.Get(ir.Old(), "a"))}, id="old_object_in_the_message_alone"),
    ],
)
def test_what_datree_carries(changes: dict[str, Any]) -> None:
    assert gap(rule(**changes)) is None


def test_datrees_own_rules_are_known() -> None:
    assert len(RESERVED) == 111
    assert RESERVED.isdisjoint(map(identifier, CARRIED))


def test_every_example_is_a_file_of_its_own() -> None:
    written = files(REPLICAS)
    folder = "tests/sample-webhook-replicas"
    assert sorted(written) == [
        "policies.yaml",
        "tests/README.md",
        *(f"{folder}/bad-{number}.yaml" for number in (1, 2)),
        *(f"{folder}/good-{number}.yaml" for number in (1, 2)),
    ]
    assert yaml.safe_load(written[f"{folder}/bad-2.yaml"]) == REPLICAS.about.bad[1].object
    assert "| sample-webhook-replicas | `SAMPLE_WEBHOOK_REPLICAS` | 2 | 2 |\n" in written["tests/README.md"]


@pytest.mark.parametrize("value", [{}, [], "x", {"a": []}, {"a": {"b": ["c" * 80, {"d": "e" * 80}]}, "f": ["g" * 99]}])
def test_json_text_reads_back(value: Json) -> None:
    assert json.loads(json_text(value)) == value


def test_json_text_opens_long_paths_on_one_line() -> None:
    value: Json = {
        "properties": {"spec": {"properties": {"a": {"enum": ["x" * 40, "y" * 40]}, "b": {"const": "z" * 40}}}}
    }
    assert json_text(value).splitlines() == [
        '{"properties": {"spec": {"properties": {',
        f'  "a": {{"enum": ["{"x" * 40}", "{"y" * 40}"]}},',
        f'  "b": {{"const": "{"z" * 40}"}}',
        "}}}}",
    ]
