"""What a runner is told of other objects: each takes it, and those whose policies look objects up go by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge, judge_example
from cmpolicy.evaluate.known import inventory
from cmpolicy.ir import Example
from cmpolicy.values import Json, JsonMap

from tests.engines.bundles import write_bundle
from tests.engines.questions import Answer
from tests.engines.runners import WAYS, Request, Runner, RunnerTrouble
from tests.sample_rules import BUDGETED, CLASSED, DEPLOYMENT, MEMORY, PDB, REPLICAS, manifest

LOOKING = (
    "kyverno",
    "kyverno-background",
    "kyverno-cel",
    "kyverno-cel-background",
    "gatekeeper-cel",
    "gatekeeper-rego",
)
(OBJECT, (BUDGET,)) = (BUDGETED.about.good[0].object, BUDGETED.about.good[0].others)
ELSEWHERE = manifest(PDB, "app", {"spec": BUDGET["spec"]}, namespace="elsewhere")
PASS, FAIL = Verdict.PASS, Verdict.FAIL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("dist"), [BUDGETED, CLASSED, MEMORY, REPLICAS]).folder


@pytest.fixture
def runner(request: pytest.FixtureRequest, binary: Callable[[str], Path], folder: Path) -> Iterator[Runner]:
    way = WAYS[request.param]
    with Runner(way, binary(way.binary)) as running:
        running.load(folder)
        yield running


def verdicts(runner: Runner, asked: Sequence[tuple[JsonMap, ...]]) -> list[Verdict]:
    return [answer.verdict for answer in runner.ask([Request(BUDGETED.id, OBJECT, others=known) for known in asked])]


@pytest.mark.parametrize("runner", WAYS, indirect=True)
def test_every_runner_takes_known_objects(runner: Runner) -> None:
    bad = REPLICAS.about.bad[0].object
    asked = [Request(REPLICAS.id, bad, others=others) for others in ((), (BUDGET,), (BUDGET, ELSEWHERE), ())]
    assert [answer.verdict for answer in runner.ask(asked)] == [FAIL] * 4


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_known_objects_replace_the_earlier_ones(runner: Runner) -> None:
    assert verdicts(runner, [()]) == [FAIL]
    assert verdicts(runner, [(BUDGET,)]) == [PASS]
    assert verdicts(runner, [(ELSEWHERE,)]) == [FAIL]
    assert verdicts(runner, [(ELSEWHERE, BUDGET)]) == [PASS]
    assert verdicts(runner, [()]) == [FAIL]


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_answers_come_in_the_order_of_the_questions(runner: Runner) -> None:
    asked: list[tuple[JsonMap, ...]] = [(BUDGET,), (), (ELSEWHERE,), (BUDGET,), (), (BUDGET, ELSEWHERE)]
    assert verdicts(runner, asked) == [PASS, FAIL, FAIL, PASS, FAIL, PASS]


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_known_objects_stay_through_a_load(runner: Runner, folder: Path) -> None:
    assert verdicts(runner, [(BUDGET,)]) == [PASS]
    runner.load(folder)
    assert verdicts(runner, [(BUDGET,)]) == [PASS]


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_kinds_without_a_namespace_and_in_all_namespaces_are_looked_up(runner: Runner) -> None:
    examples: list[Example] = [*CLASSED.about.good, *CLASSED.about.bad]
    answers = runner.ask([Request(CLASSED.id, each.object, others=each.others) for each in examples])
    expected = [judge_example(CLASSED, each) for each in examples]
    words = [Answer(PASS if word.verdict is Verdict.SKIP else word.verdict, word.message) for word in expected]
    assert answers == words
    assert {word.verdict for word in words} == {PASS, FAIL}


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_an_object_without_a_name_is_no_known_object(runner: Runner) -> None:
    nameless: JsonMap = {"apiVersion": DEPLOYMENT.api_version, "kind": DEPLOYMENT.kind, "metadata": {}}
    with pytest.raises(RunnerTrouble):
        verdicts(runner, [(nameless,)])


@pytest.mark.parametrize("runner", LOOKING, indirect=True)
def test_a_known_object_may_lack_what_the_rule_reads(runner: Runner) -> None:
    specs: tuple[Json, ...] = (None, "text", 1, [], {}, {"selector": None}, {"selector": "text"}, {"selector": {}})
    odd = [_odd_budget(), *(_odd_budget(spec=spec) for spec in specs)]
    words = [judge(BUDGETED, OBJECT, objects=inventory([each])).verdict for each in odd]
    assert verdicts(runner, [(each,) for each in odd]) == words
    assert verdicts(runner, [(each, BUDGET) for each in odd]) == [PASS] * len(odd)


def _odd_budget(**fields: Json) -> JsonMap:
    plain = {key: value for key, value in BUDGET.items() if key != "spec"}
    return {**plain, "metadata": {"name": "odd", "namespace": "sample"}, **fields}


@pytest.mark.parametrize("runner", ["kyverno", "kyverno-background"], indirect=True)
def test_kyverno_holds_nothing_of_a_large_object_beside_it(runner: Runner) -> None:
    """What policies put into the context of a request may have 2 MiB in all, and this object alone has more than half."""
    asked = [Request(MEMORY.id, _large(each.object)) for each in (MEMORY.about.good[1], MEMORY.about.bad[1])]
    assert [answer.verdict for answer in runner.ask(asked)] == [PASS, FAIL]


def _large(deployment: JsonMap) -> JsonMap:
    large: dict[str, Any] = json.loads(json.dumps(deployment))
    (first, *_) = large["spec"]["template"]["spec"]["containers"]
    first["env"] = [{"name": "LARGE", "value": "x" * 1_200_000}]
    return large
