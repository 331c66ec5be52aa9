"""Datree's engine: it refuses what Datree refuses, tells errors from verdicts, and agrees on random conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

from tests.engines.runners import WAYS, LoadRefused, Request, Runner, RunnerTrouble
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
def engine(binary: Callable[[str], Path]) -> Iterator[Runner]:
    """The engine, with nothing loaded."""
    with Runner(WAYS["datree"], binary("datree")) as runner:
        yield runner


@pytest.fixture
def load(engine: Runner, tmp_path: Path) -> Callable[[Json], list[str]]:
    """Have the engine load a policy file."""

    def write_and_load(policy_file: Json) -> list[str]:
        path = tmp_path / "datree" / "policies.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dump(policy_file), encoding="utf-8")
        return engine.load(tmp_path)

    return write_and_load


Load = Callable[[Json], list[str]]
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
def test_a_file_that_datree_refuses_is_refused(load: Load, broken: Json) -> None:
    with pytest.raises(LoadRefused):
        load(broken)


def test_the_plain_file_is_not_refused(engine: Runner, load: Load) -> None:
    assert load(PLAIN) == ["r0"]
    assert verdicts(engine, [("r0", {}), ("r0", []), ("r0", None)]) == ["pass", "fail", "fail"]


def test_a_rule_is_named_by_its_id(load: Load) -> None:
    named: list[Json] = [{"identifier": "MY_2_RULES", "messageOnFailure": "no"}]
    custom: list[Json] = [
        {"identifier": "MY_2_RULES", "name": "R", "defaultMessageOnFailure": "no", "jsonSchema": "{}"}
    ]
    file: JsonMap = {**PLAIN, "policies": [{**POLICY, "rules": named}], "customRules": custom}
    assert load(file) == ["my-2-rules"]


def test_a_load_replaces_what_was_loaded(engine: Runner, load: Load) -> None:
    load(policies({"type": "string"}))
    load(PLAIN)
    assert verdicts(engine, [("r0", {})]) == ["pass"]


def test_a_load_that_fails_leaves_nothing(engine: Runner, load: Load) -> None:
    load(PLAIN)
    with pytest.raises(LoadRefused):
        load({**PLAIN, "apiVersion": "v2"})
    with pytest.raises(RunnerTrouble, match="nothing is loaded"):
        verdicts(engine, [("r0", {})])


def test_a_rule_that_is_not_there_is_trouble(engine: Runner, load: Load) -> None:
    load(PLAIN)
    with pytest.raises(RunnerTrouble, match='no rule "r1"'):
        verdicts(engine, [("r1", {})])


@pytest.mark.parametrize(
    ("schema", "expected"),
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
    engine: Runner, load: Load, schema: JsonMap, expected: list[str]
) -> None:
    load(policies(schema))
    assert verdicts(engine, [("r0", "1"), ("r0", "499m"), ("r0", "1h")]) == expected


def test_schemas_of_random_conditions_agree_with_the_reference(
    engine: Runner, load: Load, tell: Callable[[str], None]
) -> None:
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
            requests.append((f"r{len(schemas)}", instance))
            expected.append("pass" if holds([instance, None, *[None] * (FIRST_VARIABLE + len(slots))]) else "fail")
        schemas.append({"definitions": DEFINITIONS, **printed})
    load(policies(*schemas))
    answers = verdicts(engine, requests)
    asked = zip(requests, answers, expected, strict=True)
    wrong = [(schemas[int(rule[1:])], instance) for (rule, instance), said, right in asked if said != right]
    assert wrong == []
    assert answers.count("pass") > 500
    tell(
        f"datree: {len(answers)} verdicts on {CONDITIONS} random conditions agree, {answers.count('fail')} of them denied"
    )


def verdicts(engine: Runner, requests: Sequence[tuple[str, Json]]) -> list[str]:
    """The engine's verdict on each object by the rule of that id."""
    return [str(answer.verdict) for answer in engine.ask([Request(rule, instance) for rule, instance in requests])]
