"""What holds of every way to ask: the reference's word on each example, and an update judged beside the old object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict
from cmpolicy.generate import Case
from cmpolicy.ir import Operation
from cmpolicy.values import Json

from tests.engines.bundles import Bundle
from tests.engines.runners import WAYS, Runner
from tests.engines.volume import agrees, carried, expected, told
from tests.engines.volume import request as request_for
from tests.sample_rules import NAMESPACE, OWNER, manifest


@pytest.fixture(scope="module", params=WAYS)
def loaded(request: pytest.FixtureRequest, binary: Callable[[str], Path], bundle: Bundle) -> Iterator[Runner]:
    """Each way in turn, with every rule."""
    way = WAYS[request.param]
    with Runner(way, binary(way.binary)) as running:
        assert sorted(running.load(bundle.folder)) == sorted(rule.id for rule in bundle.carried[way.target])
        yield running


def test_every_example_has_the_verdict_and_message_of_the_reference(loaded: Runner, bundle: Bundle) -> None:
    way = loaded.way
    rules = [rule for rule in bundle.carried[way.target] if rule.id in carried(bundle, way)]
    asked = [
        (rule, Case(example.object, label="example", others=example.others))
        for rule in rules
        for example in (*rule.about.good, *rule.about.bad)
    ]
    answers = loaded.ask([request_for(rule, case) for rule, case in asked])
    for (rule, case), answer in zip(asked, answers, strict=True):
        word = told(way, rule, case, expected(rule, case))
        assert agrees(way, rule, word, answer), (rule.id, case, word, answer)


@pytest.mark.parametrize(
    ("owner", "before"),
    [("a", "a"), ("b", "a"), ("a", None), (None, "a")],
    ids=["same", "another", "new", "gone"],
)
def test_an_update_is_judged_beside_the_old_object(loaded: Runner, owner: Json, before: Json) -> None:
    """A scan has no old object, and leaves out rules that read one."""
    new, old = (manifest(NAMESPACE, "team", {}, labels={"owner": value}) for value in (owner, before))
    case, way = Case(new, old, Operation.UPDATE), loaded.way
    word = expected(OWNER, case)
    assert word.verdict is (Verdict.PASS if owner == before else Verdict.FAIL)
    if way.request:
        (answer,) = loaded.ask([request_for(OWNER, case)])
        assert agrees(way, OWNER, word, answer), answer
