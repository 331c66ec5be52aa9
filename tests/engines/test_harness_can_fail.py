"""The agreement check notices what it is there to notice, on each engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.ir import Compare, Order, Rule

from tests.engines.adapters import Engine, EngineTrouble
from tests.engines.agreement import compare
from tests.engines.bundles import write_bundle
from tests.engines.questions import Question, examples, questions
from tests.sample_rules import REPLICAS

ERRING = Path(__file__).parent / "erring"
"""A bundle by hand whose one rule cannot be evaluated on a Deployment without replicas."""


def test_it_notices_a_flipped_operator(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(REPLICAS.condition, Compare)
    flipped = replace(REPLICAS, condition=replace(REPLICAS.condition, order=Order.LESS))
    bundle = write_bundle(tmp_path, [flipped], [engine.target])
    outcome = compare(engine, bundle.folder, examples([REPLICAS]))
    assert len(outcome.disagreements) == len(REPLICAS.about.good) + len(REPLICAS.about.bad)


def test_it_notices_an_operator_that_is_off_by_one(engine: Engine, tmp_path: Path) -> None:
    assert isinstance(REPLICAS.condition, Compare)
    stricter = replace(REPLICAS, condition=replace(REPLICAS.condition, order=Order.GREATER))
    bundle = write_bundle(tmp_path, [stricter], [engine.target])
    outcome = compare(engine, bundle.folder, examples([REPLICAS]))
    assert [str(each.question) for each in outcome.disagreements] == [f"{REPLICAS.id} good[0]"]


def test_it_notices_another_message(engine: Engine, tmp_path: Path) -> None:
    said = replace(REPLICAS, message=("three replicas",))
    bundle = write_bundle(tmp_path, [replace(said, message=("3 replicas",))], [engine.target])
    outcome = compare(engine, bundle.folder, examples([said]))
    assert len(outcome.disagreements) == len(REPLICAS.about.bad)


def test_it_notices_a_rule_that_is_not_there(engine: Engine, tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, [REPLICAS], [engine.target])
    missing = replace(REPLICAS, id="sample-missing")
    assert _trouble(engine, bundle.folder, missing)


def test_an_engine_error_is_neither_pass_nor_fail(engine: Engine) -> None:
    rule = replace(REPLICAS, id="erring")
    with_replicas, without = rule.about.good[0].object, rule.about.bad[1].object
    asked = questions([(rule, "with", with_replicas), (rule, "without", without)])
    answers = engine.ask(ERRING, asked)
    assert [answer.verdict for answer in answers] == [Verdict.PASS, Verdict.ERROR]


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_an_engine_error_agrees_with_no_verdict(engine: Engine, verdict: Verdict) -> None:
    """The object has no replicas; without its labels, the reference lets it pass."""
    rule = replace(REPLICAS, id="erring")
    failing = rule.about.bad[1].object
    manifest = failing if verdict is Verdict.FAIL else {**failing, "metadata": {"name": "unlabeled"}}
    outcome = compare(engine, ERRING, questions([(rule, "without", manifest)]))
    assert [(each.expected.verdict, each.answer.verdict) for each in outcome.disagreements] == [
        (verdict, Verdict.ERROR)
    ]


def _trouble(engine: Engine, folder: Path, rule: Rule) -> bool:
    asked: list[Question] = examples([rule])
    try:
        return bool(compare(engine, folder, asked).disagreements)
    except EngineTrouble:
        return True
