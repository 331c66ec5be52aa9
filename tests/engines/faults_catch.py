"""Whether an engine that loads a rule, printed rightly or wrongly, answers as the reference does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cmpolicy.evaluate import Judgement
from cmpolicy.generate import Case, objects
from cmpolicy.ir import Operation, Rule
from cmpolicy.targets.protocol import File

from tests.engines.faults import Fault, printed
from tests.engines.faults_constructs import Printing, used
from tests.engines.faults_rules import RULES
from tests.engines.runners import LoadRefused, Request, Runner, Way
from tests.engines.volume import agrees, askable, expected, request, told

SEED, AMOUNT = 20261125, 200
FIRST = 30
"""So many questions are put to every rule before the others are to any: most faults show on them."""
DEBUG = "ephemeralcontainers"
BY_ID = {rule.id: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Question:
    """A case, the reference's word on it, and the subresource that it comes by."""

    case: Case
    word: Judgement
    subresource: str = ""

    def request(self, rule: Rule) -> Request:
        return replace(request(rule, self.case), subresource=self.subresource)

    def askable(self, way: Way, rule: Rule) -> bool:
        return askable(way, rule, self.case) and (way.request or not self.subresource)


@dataclass(frozen=True, slots=True)
class Caught:
    """How a fault showed: on which rule and case, or in loading, and what was expected and answered there."""

    rule: str
    case: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}, {self.case}: {self.what}"


def right(rule: Rule, form: Printing) -> tuple[File, ...]:
    """The rule as it is printed; nothing if it is not in this form."""
    return _right(rule.id, form)


@cache
def _right(rule_id: str, form: Printing) -> tuple[File, ...]:
    return printed(BY_ID[rule_id], form)


def constructs_in(rule: Rule, form: Printing) -> frozenset[str]:
    """The constructs of the rule that this form prints."""
    return _constructs(rule.id, form)


@cache
def _constructs(rule_id: str, form: Printing) -> frozenset[str]:
    return used(BY_ID[rule_id], form)


def questions(rule: Rule) -> tuple[Question, ...]:
    """Cases at the edges of the rule's match, then those that agreement at volume is shown on."""
    return _questions(rule.id)


@cache
def _questions(rule_id: str) -> tuple[Question, ...]:
    rule = BY_ID[rule_id]
    cases = [*_near_misses(rule), *objects(rule, SEED, AMOUNT)]
    plain = [Question(case, expected(rule, case)) for case in cases]
    bad = (example.object for example in rule.about.bad)
    updates = (Case(each, each, Operation.UPDATE, "with a debug container") for each in bad)
    debug = [Question(case, expected(rule, case), DEBUG) for case in updates if case.manifest["kind"] == "Pod"]
    return (*debug, *plain)


def _near_misses(rule: Rule) -> Iterator[Case]:
    """What would fail, were it not of another version, or of another group."""
    for bad in rule.about.bad:
        group, slash, _ = str(bad.object["apiVersion"]).rpartition("/")
        for api_version in (f"{group}{slash}v9", "other.dev/v1"):
            yield Case({**bad.object, "apiVersion": api_version}, label=f"as {api_version}", others=bad.others)


def caught(fault: Fault, runner: Runner, folder: Path) -> Caught | None:
    """Where the fault shows: on a rule with the construct that it prints otherwise, of which there is one at least."""
    wrong = {rule.id: files for rule in RULES if (files := _wrong(fault, rule))}
    assert wrong, f"{fault} changes no text"
    for part in (slice(FIRST), slice(FIRST, None)):
        for rule_id, files in wrong.items():
            rule = BY_ID[rule_id]
            if how := caught_on(rule, files, questions(rule)[part], runner, folder):
                return how
    return None


def _wrong(fault: Fault, rule: Rule) -> tuple[File, ...]:
    """What the fault makes of a rule with the construct; nothing if it changes nothing."""
    files = right(rule, fault.printing) if fault.construct in constructs_in(rule, fault.printing) else ()
    wrong = printed(rule, fault.printing, fault) if files else ()
    return wrong if wrong != files else ()


def caught_on(
    rule: Rule, files: Sequence[File], asked: Sequence[Question], runner: Runner, folder: Path
) -> Caught | None:
    """The first question that the engine, with these files loaded, answers otherwise than the reference."""
    way = runner.way
    _write(files, folder / way.target)
    try:
        runner.load(folder)
    except LoadRefused as refused:
        return Caught(rule.id, "loading", f"refused: {str(refused)[-80:]}")
    asked = [question for question in asked if question.askable(way, rule)]
    answers = runner.ask([question.request(rule) for question in asked])
    for question, answer in zip(asked, answers, strict=True):
        word = told(way, rule, question.case, question.word)
        if not agrees(way, rule, word, answer):
            said = f"{word.verdict} `{word.message[:80]}`, got {answer.verdict} `{answer.message[:80]}`"
            return Caught(rule.id, question.case.label, said)
    return None


def _write(files: Sequence[File], folder: Path) -> None:
    """The folder with these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")
