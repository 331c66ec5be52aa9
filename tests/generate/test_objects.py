"""Generated cases: the same every time, different from each other, loadable, and as odd as they have to be."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge, kind_of
from cmpolicy.generate import Case, objects
from cmpolicy.generate.bases import skeleton
from cmpolicy.generate.matching import neighbours
from cmpolicy.ir import Operation, Rule
from cmpolicy.values import JsonMap

from tests.generate.conftest import AMOUNT
from tests.generate.odd_cases import ELSEWHERE, HIT, under
from tests.generate.rules import CAPABILITIES, ONLY_UPDATES
from tests.sample_rules import DEPLOYMENT, FLAGS, MEMORY, NAMESPACE, OWNER, POD, RULES

DIGEST = """
import hashlib
from cmpolicy.generate import objects
from tests.sample_rules import RULES
cases = [case for rule in RULES for case in objects(rule, 7, 150)]
print(hashlib.sha256(repr(cases).encode()).hexdigest())
"""


def test_every_rule_gets_as_many_different_cases_as_asked(made: list[tuple[Rule, list[Case]]]) -> None:
    for rule, cases in made:
        assert (rule.id, len(cases)) == (rule.id, AMOUNT)
        assert len({repr((case.object, case.old, case.operation)) for case in cases}) == AMOUNT


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_cases_depend_on_nothing_but_the_seed(hash_seed: str) -> None:
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."}
    there = subprocess.run([sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True)
    here = [case for rule in RULES for case in objects(rule, 7, 150)]
    assert there.stdout.strip() == hashlib.sha256(repr(here).encode()).hexdigest()


def test_another_seed_gives_other_cases_and_more_cases_are_appended() -> None:
    few, many = list(objects(MEMORY, 1, 100)), list(objects(MEMORY, 1, 200))
    assert few == many[:100]
    assert many != list(objects(MEMORY, 2, 200))


def test_cases_have_an_identity_unless_they_say_so(made: list[tuple[Rule, list[Case]]]) -> None:
    cases = [case for _, cases in made for case in cases]
    without = [case for case in cases if not case.has_identity]
    assert without
    assert {case.label for case in without if "without identity" not in case.label} == set()


def test_every_kind_of_a_rule_is_judged_both_ways(made: list[tuple[Rule, list[Case]]]) -> None:
    for rule, cases in made:
        seen = Counter(
            (kind, judge(rule, case.manifest, case.old).verdict)
            for case in cases
            if case.object is not None and (kind := kind_of(rule, case.manifest))
        )
        few = [(rule.id, kind) for kind in rule.kinds for v in (Verdict.PASS, Verdict.FAIL) if seen[kind, v] < 5]
        assert few == []


def test_a_rule_that_reads_the_old_object_gets_updates(made: list[tuple[Rule, list[Case]]]) -> None:
    for rule, cases in made:
        if rule in (OWNER, ONLY_UPDATES):
            updates = [case for case in cases if case.operation is Operation.UPDATE]
            assert len(updates) > AMOUNT / 4
            assert {judge(rule, case.manifest, case.old).verdict for case in updates} == {*Verdict} - {Verdict.ERROR}


def test_a_rule_without_examples_gets_objects_that_pass(made: list[tuple[Rule, list[Case]]]) -> None:
    (cases,) = (cases for rule, cases in made if rule is CAPABILITIES)
    passing = [
        case for case in cases if case.object is not None and judge(CAPABILITIES, case.manifest).verdict is Verdict.PASS
    ]
    assert [case for case in passing if "containers" in str(case.object)]


def test_every_odd_case_is_either_generated_or_no_matter_of_objects() -> None:
    assert {*HIT, *ELSEWHERE} == set(range(1, 61))


@pytest.mark.parametrize("number", HIT)
def test_odd_case_is_generated(number: int, made: list[tuple[Rule, list[Case]]]) -> None:
    missed = [
        index
        for index, test in enumerate(HIT[number])
        if not any(test(rule, case) for rule, cases in made for case in cases)
    ]
    assert missed == []


def test_neighbours_of_the_match_are_not_matched_unless_only_the_namespace_is_another() -> None:
    for kind in (POD, DEPLOYMENT, NAMESPACE):
        rule = replace(MEMORY, kinds=(kind,))
        cases = neighbours(skeleton(kind), kind)
        labels = [case.label.removeprefix("match: ") for case in cases]
        assert len({*labels}) == len(labels) > 20
        matched = {label for case, label in zip(cases, labels, strict=True) if kind_of(rule, case.manifest)}
        expected = {label for label in labels if "amespace" in label and not label.startswith("as ")}
        assert matched == {*expected, "with generateName", "without identity: only generateName"}


def test_flags_come_in_every_form(made: list[tuple[Rule, list[Case]]]) -> None:
    (cases,) = (cases for rule, cases in made if rule is FLAGS)
    lists = [value for case in cases for value in under(case, "args", "command") if isinstance(value, list)]
    name, switch = "--leader-election-namespace", "--insecure"
    forms: dict[str, Callable[[list[Any]], bool]] = {
        "joined": lambda found: f"{name}=sample" in found,
        "apart": lambda found: name in found[:-1] and found[found.index(name) + 1] == "sample",
        "last": lambda found: found[-1:] == [name],
        "before what is no text": lambda found: name in found[:-1]
        and not isinstance(found[found.index(name) + 1], str),
        "repeated": lambda found: sum(str(each).startswith(f"{name}=") for each in found) > 1,
        "empty": lambda found: f"{name}=" in found,
        "of another name": lambda found: any(str(each).startswith(f"{name}x") for each in found),
        "on": lambda found: switch in found,
        "off": lambda found: f"{switch}=false" in found,
        "on, then off": lambda found: switch in found and f"{switch}=false" in found[found.index(switch) :],
    }
    assert [form for form, test in forms.items() if not any(map(test, lists))] == []


def test_a_rule_that_reads_nothing_gets_near_misses_and_ends() -> None:
    rule = Rule("r", (POD,), (Operation.CREATE,), ir.TRUE, ir.FALSE, ("m",))
    labels = [case.label for case in objects(rule, 1, 1000)]
    assert 20 < len(labels) < 200
    assert any(label.startswith("match: ") for label in labels)


def test_examples_without_a_name_get_one() -> None:
    examples: tuple[JsonMap, ...] = (
        {"apiVersion": "v1", "kind": "Pod"},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": 5}},
    )
    rule = replace(MEMORY, about=replace(MEMORY.about, good=tuple(map(ir.Example, examples)), bad=()))
    assert [
        case.label for case in objects(rule, 1, 200) if not case.has_identity and "identity" not in case.label
    ] == []
