"""The agreement harness can fail: every fault that is planted in a printer is caught by the engine that reads the text."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from cmpolicy.evaluate import Judgement
from cmpolicy.generate import Case, objects
from cmpolicy.ir import Operation, Rule
from cmpolicy.targets.protocol import File
from cmpolicy.values import JsonMap

from tests.engines import faults_cel, faults_mapping, faults_rego, faults_schema, faults_targets
from tests.engines.faults import Fault, printed
from tests.engines.faults_constructs import (
    CEL,
    LANGUAGES,
    PRINTINGS,
    REGO,
    Printing,
    constructs,
    messages,
    pods,
    surroundings,
    used,
)
from tests.engines.faults_rules import RULES
from tests.engines.runners import LoadRefused, Runner
from tests.engines.volume import SLOW, SLOW_SHARE, agrees, askable, expected, request, told

BY_ID = {rule.id: rule for rule in RULES}
FAULTS = (
    *faults_mapping.faults(),
    *faults_cel.faults(),
    *faults_rego.faults(),
    *faults_schema.faults(),
    *faults_targets.faults(),
)
BY_ID = {rule.id: rule for rule in RULES}
SEED, AMOUNT = 20261125, 120


Question: TypeAlias = tuple[Case, Judgement]


@dataclass(frozen=True, slots=True)
class Caught:
    """How a fault showed: on which rule and case, or in loading, and what was expected and answered there."""

    rule: str
    case: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}, {self.case}: {self.what}"


def test_every_construct_has_a_fault_in_every_form_that_it_is_printed_in() -> None:
    assert _claims() - {(fault.construct, fault.printing.name) for fault in FAULTS} == set()


def test_the_rules_use_every_construct() -> None:
    everything = (*constructs(), *pods(), *messages(), *surroundings(CEL))
    assert {(construct, form.name) for construct in everything for form in (CEL, REGO)} <= _claims()


@pytest.mark.parametrize("form", PRINTINGS, ids=str)
def test_nothing_is_caught_where_nothing_is_planted(
    form: Printing, binary: Callable[[str], Path], tmp_path: Path
) -> None:
    """Where the nodes' own faults are planted, on all cases; elsewhere on examples: volume has its own test."""
    carried = [rule for rule in RULES if _right(rule, form)][:: SLOW_SHARE if form.way.name in SLOW else 1]
    questions = _all if form in LANGUAGES else _examples
    with Runner(form.way, binary(form.way.binary)) as runner:
        found = [_caught_on(rule, _right(rule, form), questions(rule.id), runner, tmp_path) for rule in carried]
    assert [str(caught) for caught in found if caught] == []
    assert carried


@pytest.mark.parametrize("form", PRINTINGS, ids=str)
def test_every_planted_fault_is_caught(
    form: Printing, binary: Callable[[str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    planted = [fault for fault in FAULTS if fault.printing is form and (fault.construct, form.name) in _claims()]
    with Runner(form.way, binary(form.way.binary)) as runner:
        caught = {fault: _caught(fault, runner, tmp_path) for fault in planted}
    for fault, how in caught.items():
        tell(" ".join(f"{fault}: {how or 'SURVIVED'}".split()))
    tell(f"{form}: {len(planted)} planted faults, {sum(how is not None for how in caught.values())} caught")
    assert [str(fault) for fault, how in caught.items() if how is None] == []


@cache
def _claims() -> frozenset[tuple[str, str]]:
    """What is printed in which form: every construct of every rule that the form carries."""
    carried = [(rule, form) for rule in RULES for form in PRINTINGS if _right(rule, form)]
    return frozenset(
        (construct, form.name)
        for rule, form in carried
        for construct in _used(rule, form)
        if _is_planted(construct, form)
    )


def _is_planted(construct: str, form: Printing) -> bool:
    """Nodes and what messages show are printed alike by every target of a language; what is around them is not."""
    return form in LANGUAGES or construct in surroundings(form) or construct.startswith("Param ")


def _used(rule: Rule, form: Printing) -> frozenset[str]:
    return _used_by(rule.id, form)


@cache
def _used_by(rule: str, form: Printing) -> frozenset[str]:
    return used(BY_ID[rule], form)


def _right(rule: Rule, form: Printing) -> tuple[File, ...]:
    return _right_of(rule.id, form)


@cache
def _right_of(rule: str, form: Printing) -> tuple[File, ...]:
    return printed(BY_ID[rule], form)


@cache
def _examples(rule_id: str) -> tuple[Question, ...]:
    """The examples as created, as changed from one to another, as deleted, and of another kind, each with the reference's word."""
    rule = BY_ID[rule_id]
    examples = [each.object for each in (*rule.about.good, *rule.about.bad)]
    pairs = zip(examples, reversed(examples), strict=True)
    made = [Case(example, label="example") for example in examples]
    made += [Case(new, old, Operation.UPDATE, "changed") for new, old in pairs if new["kind"] == old["kind"]]
    made += [Case(None, example, Operation.DELETE, "deleted") for example in examples]
    failing = [each.object for each in rule.about.bad]
    made += [Case({**bad, "apiVersion": api}, label=f"of {api}") for bad in failing for api in _other_apis(bad)]
    return tuple((case, expected(rule, case)) for case in made)


def _other_apis(manifest: JsonMap) -> tuple[str, str]:
    """Another version of its group, and another group."""
    group, slash, _ = str(manifest["apiVersion"]).rpartition("/")
    return f"{group}{slash}v9", "other.dev/v1"


@cache
def _generated(rule_id: str) -> tuple[Question, ...]:
    return tuple((case, expected(BY_ID[rule_id], case)) for case in objects(BY_ID[rule_id], SEED, AMOUNT))


def _all(rule_id: str) -> tuple[Question, ...]:
    return _examples(rule_id) + _generated(rule_id)


def _caught(fault: Fault, runner: Runner, folder: Path) -> Caught | None:
    """Where the fault shows first: on the examples of each rule that is printed otherwise, then on generated cases."""
    wrong = {rule.id: files for rule in RULES if (files := _wrong(fault, rule))}
    assert wrong, f"{fault} changes no text"
    for questions in (_examples, _generated):
        for rule, files in wrong.items():
            if how := _caught_on(BY_ID[rule], files, questions(rule), runner, folder):
                return how
    return None


def _wrong(fault: Fault, rule: Rule) -> tuple[File, ...]:
    """What the fault makes of a rule with the construct; nothing if it changes nothing."""
    right = _right(rule, fault.printing) if fault.construct in _used(rule, fault.printing) else ()
    wrong = printed(rule, fault.printing, fault) if right else ()
    return wrong if wrong != right else ()


def _caught_on(
    rule: Rule, files: Sequence[File], questions: Sequence[Question], runner: Runner, folder: Path
) -> Caught | None:
    """The first question that the engine, with these files loaded, answers otherwise than the reference."""
    _write(files, folder / runner.way.target)
    try:
        runner.load(folder)
    except LoadRefused as refused:
        return Caught(rule.id, "loading", f"refused: {str(refused)[-120:]}")
    way = runner.way
    asked = [(case, told(way, rule, case, word)) for case, word in questions if askable(way, rule, case)]
    answers = runner.ask([request(rule, case) for case, _ in asked])
    for (case, word), answer in zip(asked, answers, strict=True):
        if not agrees(way, rule, word, answer):
            said = f"{word.verdict} `{word.message}`, got {answer.verdict} `{answer.message[:80]}`"
            return Caught(rule.id, case.label, said)
    return None


def _write(files: Sequence[File], folder: Path) -> None:
    """The folder with these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")
