"""Datree's engine: it refuses what Datree refuses, tells errors from verdicts, and agrees on random conditions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cmpolicy.evaluate.closures import FIRST_VARIABLE, Slots, condition_closure
from cmpolicy.lang.jsonschema import DEFINITIONS, NotExpressible, print_schema
from cmpolicy.targets.datree.json_text import json_text
from cmpolicy.targets.datree.schema import QUANTITIES
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

from tests.engines.adapters import run
from tests.lang.random_conditions import Conditions, random_object

CONDITIONS, OBJECTS = 250, 20


def policies(*schemas: Json) -> dict[str, Any]:
    """A policy file with a rule `R0`, `R1`, ... for each schema."""
    names = [f"R{index}" for index in range(len(schemas))]
    rules: list[Json] = [{"identifier": name, "messageOnFailure": "no"} for name in names]
    custom: list[Json] = [
        {"identifier": name, "name": name, "defaultMessageOnFailure": "no", "jsonSchema": json_text(schema)}
        for name, schema in zip(names, schemas, strict=True)
    ]
    return {"apiVersion": "v1", "policies": [{"name": "p", "isDefault": True, "rules": rules}], "customRules": custom}


@pytest.fixture
def engine(binary: Callable[[str], Path], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The engine on a policy file and requests of a rule's name and an object."""

    def ask(policy_file: Json, requests: Sequence[tuple[str, Json]] = ()) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "policies.yaml"
        path.write_text(dump(policy_file), encoding="utf-8")
        lines = (json.dumps({"rule": rule, "object": instance}) for rule, instance in requests)
        return run([binary("datree"), path], tmp_path, "".join(f"{line}\n" for line in lines))

    return ask


Ask = Callable[..., subprocess.CompletedProcess[str]]
PLAIN = policies({"type": "object"})
POLICY, CUSTOM = PLAIN["policies"][0], PLAIN["customRules"][0]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({**PLAIN, "apiVersion": "v2"}, id="api_version"),
        pytest.param({**PLAIN, "policies": []}, id="no_policy"),
        pytest.param({**PLAIN, "policies": [{**POLICY, "name": "a-b"}]}, id="policy_name"),
        pytest.param({**PLAIN, "policies": [{**POLICY, "isDefault": False}]}, id="no_default"),
        pytest.param({**PLAIN, "policies": [POLICY, {**POLICY, "name": "q"}]}, id="two_defaults"),
        pytest.param({**PLAIN, "customRules": []}, id="unknown_rule"),
        pytest.param({**PLAIN, "customRules": [CUSTOM, CUSTOM]}, id="rule_twice"),
        pytest.param({**PLAIN, "customRules": [{**CUSTOM, "schema": {}}]}, id="two_schemas"),
        pytest.param({**PLAIN, "customRules": [{**CUSTOM, "jsonSchema": "[]"}]}, id="schema_is_no_map"),
        pytest.param(policies({"type": "map"}), id="unknown_type"),
        pytest.param(policies({"pattern": "(?=a)"}), id="pattern"),
        pytest.param(policies({"enum": [1, 1]}), id="enum_twice"),
        pytest.param(policies({"items": [{}]}), id="items_of_an_older_draft"),
        pytest.param(policies({"resourceMinimum": 1}), id="bound_is_no_string"),
        pytest.param(policies({"not": {"regoDefinition": {"code": "package a\nviolation["}}}), id="rego"),
    ],
)
def test_a_file_that_datree_refuses_is_refused(engine: Ask, broken: Json) -> None:
    result = engine(broken)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr


def test_the_plain_file_is_not_refused(engine: Ask) -> None:
    result = engine(PLAIN, [("R0", {}), ("R0", []), ("R0", None)])
    assert (result.returncode, result.stderr) == (0, "")
    assert _verdicts(result) == ["pass", "fail", "fail"]


@pytest.mark.parametrize(
    ("schema", "verdicts"),
    [
        pytest.param({"resourceMinimum": "500m"}, ["pass", "fail", "error"], id="bound"),
        pytest.param({"not": {"resourceMinimum": "500m"}}, ["fail", "pass", "error"], id="below_not"),
        pytest.param({"anyOf": [{}, {"resourceMinimum": "500m"}]}, ["pass", "pass", "error"], id="below_any_of"),
        pytest.param({"type": "number", "resourceMinimum": "1"}, ["fail", "fail", "fail"], id="type_comes_first"),
        pytest.param(
            {"regoDefinition": {"code": 'package a\nviolation[x] { x := input == "1" }'}},
            ["fail", "pass", "pass"],
            id="rego",
        ),
        pytest.param(
            {"regoDefinition": {"code": "package a\nviolation = true { false }"}}, ["error"] * 3, id="rego_undefined"
        ),
        pytest.param(
            {"regoDefinition": {"code": 'package a\nviolation[{"msg": "no"}] { true }'}},
            ["error"] * 3,
            id="rego_message",
        ),
        pytest.param({"CELDefinition": [{"expression": 'object == "1"'}]}, ["pass", "fail", "fail"], id="cel"),
        pytest.param({"CELDefinition": [{"expression": "object.a"}]}, ["error"] * 3, id="cel_error"),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_wherever_it_stands(
    engine: Ask, schema: JsonMap, verdicts: list[str]
) -> None:
    result = engine(policies(schema), [("R0", "1"), ("R0", "499m"), ("R0", "1h")])
    assert (result.returncode, result.stderr) == (0, "")
    assert _verdicts(result) == verdicts


def test_schemas_of_random_conditions_agree_with_the_reference(engine: Ask, tell: Callable[[str], None]) -> None:
    random = Random(2026)
    conditions = Conditions(random)
    schemas: list[Json] = []
    requests: list[tuple[str, Json]] = []
    expected: list[str] = []
    while len(schemas) < CONDITIONS:
        condition = conditions.condition(depth=random.randint(1, 3))
        printed = print_schema(condition, QUANTITIES)
        if isinstance(printed, NotExpressible):
            continue
        slots: Slots = {}
        holds = condition_closure(condition, slots)
        for _ in range(OBJECTS):
            instance = random_object(random)
            requests.append((f"R{len(schemas)}", instance))
            expected.append("pass" if holds([instance, None, *[None] * (FIRST_VARIABLE + len(slots))]) else "fail")
        schemas.append({"definitions": DEFINITIONS, **printed})
    result = engine(policies(*schemas), requests)
    assert (result.returncode, result.stderr) == (0, "")
    answers = _verdicts(result)
    asked = zip(requests, answers, expected, strict=True)
    wrong = [(schemas[int(rule[1:])], instance) for (rule, instance), said, right in asked if said != right]
    assert wrong == []
    assert answers.count("pass") > 500
    tell(
        f"datree: {len(answers)} verdicts on {CONDITIONS} random conditions agree, {answers.count('fail')} of them denied"
    )


def _verdicts(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [json.loads(line)["verdict"] for line in result.stdout.splitlines()]
