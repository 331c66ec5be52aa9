"""Rules survive being written as JSON, and JSON from anywhere is read or refused with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.bundle.record import RULES_FILE
from cmpolicy.bundle.rules import RuleBook, read_rule_book, rule_book
from cmpolicy.ir_json import DecodeError, decode_rule, encode_rule
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import Json

from tests.lang.random_conditions import Conditions
from tests.sample_rules import RULES

CATALOGUE = load_packs(built_in_packs()).rules


def through_json(rule: ir.Rule) -> ir.Rule:
    return decode_rule(json.loads(json.dumps(encode_rule(rule, lambda file: file))))


def meaning(rule: ir.Rule) -> tuple[object, ...]:
    return (rule.id, rule.kinds, rule.operations, rule.when, rule.condition, rule.message, rule.parameters)


@pytest.mark.parametrize("rule", [*CATALOGUE, *RULES], ids=lambda rule: rule.id)
def test_a_rule_comes_back_as_it_was(rule: ir.Rule) -> None:
    back = through_json(rule)
    assert meaning(back) == meaning(rule)
    assert encode_rule(back, lambda file: file) == encode_rule(rule, lambda file: file)
    assert (back.about.good, back.about.bad) == (rule.about.good, rule.about.bad)


@pytest.mark.parametrize("seed", range(200))
def test_any_condition_comes_back_as_it_was(seed: int) -> None:
    condition = Conditions(Random(seed)).condition(4)
    rule = replace(CATALOGUE[0], when=ir.TRUE, condition=condition, message=("no",), parameters=())
    assert through_json(rule).condition == condition


def changed(**fields: Json) -> Json:
    whole: Json = json.loads(json.dumps(encode_rule(CATALOGUE[0])))
    assert isinstance(whole, dict)
    return {**whole, **fields}


def deep(times: int) -> Json:
    condition: Json = ["bool", True]
    for _ in range(times):
        condition = ["not", condition]
    return condition


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "`null` is no map"),
        ({}, "`parameters` is missing"),
        (changed(id=1), "`id` is no text"),
        (changed(when=["later", 1]), '`["later", 1]` is no condition that this cmpolicy knows'),
        (changed(when=["exists", ["param", "no"]]), "there is no parameter `no`"),
        (changed(when=["exists", ["var", "x"]]), "no quantifier binds the variable `x`"),
        (changed(when=["matches", ["obj"], "(?=a)"]), "the pattern `(?=a)`: `(?=a)` is outside the safe subset"),
        (changed(when=["compare", "<>", ["obj"], ["obj"]]), "`<>` is no order that this cmpolicy knows"),
        (changed(when=["in", ["obj"], ["obj"]]), '`["obj"]` is no constant'),
        (changed(operations=["CONNECT"]), "`CONNECT` is no operation that this cmpolicy knows"),
        (changed(kinds=["Pod"]), '`"Pod"` is no kind'),
        (changed(parameters=[{"name": "a", "type": "integer", "default": True, "description": ""}]), "is no integer"),
        (changed(when=deep(5000)), "it is nested too deeply"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_reason(raw: Json, said: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_rule(raw)
    assert said in str(refused.value)


def test_a_book_holds_each_rule_once_and_says_which_target_has_which(tmp_path: Path) -> None:
    one, two = rule_book(RULES[:2], ["vap"], {}), rule_book(RULES[1:3], ["kyverno"], {})
    joined = two.with_earlier(one)
    (tmp_path / RULES_FILE).write_text(joined.text(), encoding="utf-8")
    back = read_rule_book(tmp_path)
    assert (len(back.rules), {name: len(digests) for name, digests in back.targets.items()}) == (
        3,
        {"vap": 2, "kyverno": 2},
    )
    decoded = [back.decoded[digest] for digest in back.targets["vap"]]
    assert sorted(rule.id for rule in decoded if isinstance(rule, ir.Rule)) == sorted(rule.id for rule in RULES[:2])


def test_what_a_target_no_longer_has_leaves_the_book() -> None:
    again = rule_book(RULES[1:2], ["vap"], {}).with_earlier(rule_book(RULES[:1], ["vap"], {}))
    assert again == rule_book(RULES[1:2], ["vap"], {})


def test_a_book_is_the_same_however_often_its_rules_were_loaded() -> None:
    assert rule_book(load_packs(built_in_packs()).rules, [], {}).text() == rule_book(CATALOGUE, [], {}).text()


def test_a_book_names_no_place_of_the_machine() -> None:
    assert str(Path(__file__).parents[2]) not in rule_book(CATALOGUE, ["vap"], {}).text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is no JSON"),
        ('{"schema": "cmpolicy.rules/v2"}', "its schema is `cmpolicy.rules/v2`, and this cmpolicy reads"),
        ('{"schema": "cmpolicy.rules/v1", "rules": {}, "targets": {"vap": ["c0ffee"]}}', "lacks the rule"),
    ],
)
def test_what_is_no_book_is_refused_with_the_reason(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / RULES_FILE).write_text(text)
    with pytest.raises(DecodeError, match=said):
        read_rule_book(tmp_path)


def test_one_rule_that_cannot_be_read_does_not_hide_the_others() -> None:
    book = RuleBook({"a": '{"id": "x"}', **rule_book(RULES[:1], [], {}).rules}, {})
    assert sorted(type(rule).__name__ for rule in book.decoded.values()) == ["DecodeError", "Rule"]
