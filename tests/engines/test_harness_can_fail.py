"""The agreement check notices what it is there to notice, on each engine, by its command line and by its runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.generate import Case
from cmpolicy.ir import Compare, Example, Not, Order, Rule

from tests.engines.adapters import Engine, EngineTrouble
from tests.engines.agreement import compare
from tests.engines.bundles import write_bundle
from tests.engines.questions import Answer, Question, examples, questions
from tests.engines.runners import WAYS, Request, Runner, RunnerTrouble
from tests.engines.volume import tallies
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
    asked = questions([(rule, "with", Example(with_replicas)), (rule, "without", Example(without))])
    answers = engine.ask(ERRING, asked)
    assert [answer.verdict for answer in answers] == [Verdict.PASS, Verdict.ERROR]


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_an_engine_error_agrees_with_no_verdict(engine: Engine, verdict: Verdict) -> None:
    """The object has no replicas; without its labels, the reference lets it pass."""
    rule = replace(REPLICAS, id="erring")
    failing = rule.about.bad[1].object
    manifest = failing if verdict is Verdict.FAIL else {**failing, "metadata": {"name": "unlabeled"}}
    outcome = compare(engine, ERRING, questions([(rule, "without", Example(manifest))]))
    assert [(each.expected.verdict, each.answer.verdict) for each in outcome.disagreements] == [
        (verdict, Verdict.ERROR)
    ]


def _trouble(engine: Engine, folder: Path, rule: Rule) -> bool:
    asked: list[Question] = examples([rule])
    try:
        return bool(compare(engine, folder, asked).disagreements)
    except EngineTrouble:
        return True


class Liar(Runner):
    """A runner that is asked or answers otherwise than it seems."""

    def asks(self, request: Request) -> Request:
        return request

    def tells(self, answer: Answer) -> Answer:
        return answer

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        return [self.tells(answer) for answer in super().ask([self.asks(request) for request in requests])]


class AboutAnother(Liar):
    """It answers for another rule."""

    def asks(self, request: Request) -> Request:
        return replace(request, rule=OTHER.id)


class Swapping(Liar):
    """It says fail for pass and pass for fail."""

    def tells(self, answer: Answer) -> Answer:
        return replace(answer, verdict=Verdict.PASS if answer.verdict is Verdict.FAIL else Verdict.FAIL)


class WithoutMessages(Liar):
    """It tells no message."""

    def tells(self, answer: Answer) -> Answer:
        return replace(answer, message="")


OTHER = replace(REPLICAS, id="sample-other", condition=Not(REPLICAS.condition))
GOOD, BAD = (
    [Case(example.object, label="example") for example in side] for side in (REPLICAS.about.good, REPLICAS.about.bad)
)

Start = Callable[[type[Runner]], Runner]


@pytest.fixture(params=WAYS)
def start(request: pytest.FixtureRequest, binary: Callable[[str], Path], tmp_path: Path) -> Iterator[Start]:
    """Start a runner of each way in turn, with two rules loaded that are each other's opposite."""
    way, started = WAYS[request.param], list[Runner]()

    def begin(kind: type[Runner]) -> Runner:
        runner = kind(way, binary(way.binary))
        started.append(runner)
        write_bundle(tmp_path, [REPLICAS, OTHER], [way.target])
        assert sorted(runner.load(tmp_path)) == sorted((REPLICAS.id, OTHER.id))
        return runner

    yield begin
    for runner in started:
        runner.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("kind", "noticed"),
    [
        pytest.param(Runner, [], id="the_truth"),
        pytest.param(AboutAnother, [*GOOD, *BAD], id="another_rule"),
        pytest.param(Swapping, [*GOOD, *BAD], id="swapped_verdicts"),
        pytest.param(WithoutMessages, BAD, id="no_messages"),
    ],
)
def test_a_runner_that_lies_is_noticed(start: Start, kind: type[Runner], noticed: list[Case]) -> None:
    assert _disputed(start(kind), REPLICAS, [*GOOD, *BAD]) == noticed


def test_a_rule_that_a_runner_has_not_loaded_is_trouble(start: Start) -> None:
    runner = start(Runner)
    with pytest.raises(RunnerTrouble):
        _disputed(runner, replace(REPLICAS, id="sample-missing"), GOOD)


def test_an_error_that_a_runner_tells_agrees_with_no_verdict(start: Start) -> None:
    """The rule passes the first, which has no labels, and fails the second; the policy can judge neither."""
    runner, failing = start(Runner), REPLICAS.about.bad[1].object
    runner.load(ERRING)
    cases = [Case({**failing, "metadata": {"name": "unlabeled"}}), Case(failing)]
    assert _disputed(runner, replace(REPLICAS, id="erring"), cases) == cases


def _disputed(runner: Runner, rule: Rule, cases: Sequence[Case]) -> list[Case]:
    return [case for tally in tallies(rule, cases, [runner]) for case in tally.disputed]
