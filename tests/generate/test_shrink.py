"""Shrinking keeps what it is told to keep, and nothing that can go."""

from __future__ import annotations

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.generate import Case, objects, shrink
from cmpolicy.generate.edit import at, drop, places
from cmpolicy.generate.shrink import IDENTITY
from cmpolicy.ir import Operation
from cmpolicy.values import JsonMap

from tests.sample_rules import MEMORY

OBJECT: JsonMap = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "app", "labels": {"a": "b"}},
    "spec": {"containers": [{"name": "x"}, {"name": "y", "image": "long-enough:1"}, None], "n": 7},
}


def test_nothing_that_is_left_can_go() -> None:
    def still(case: Case) -> bool:
        image = at(case.object, ("spec", "containers", 0, "image")) or at(
            case.object, ("spec", "containers", 1, "image")
        )
        return isinstance(image, str) and ":" in image

    small = shrink(Case(OBJECT, OBJECT, Operation.UPDATE, "x"), still)
    assert small == Case(
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": {"containers": [{"image": ":"}]}},
        None,
        Operation.UPDATE,
        "x",
    )
    free = [place for place in places(small.object) if place not in IDENTITY]
    assert free
    assert not any(still(Case(drop(small.object, place))) for place in free)


def test_old_object_of_a_deletion_is_shrunk() -> None:
    small = shrink(Case(None, OBJECT, Operation.DELETE), lambda case: at(case.old, ("spec", "n")) is not None)
    assert small.old == {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": {"n": False}}
    assert small.object is None


def test_old_object_stays_where_it_matters() -> None:
    small = shrink(Case(OBJECT, OBJECT, Operation.UPDATE), lambda case: case.old is not None)
    assert small.old == small.object == {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}}


def test_it_takes_few_attempts_and_comes_out_the_same() -> None:
    attempts: list[Case] = []

    def still(case: Case) -> bool:
        attempts.append(case)
        return judge(MEMORY, case.manifest).verdict is Verdict.FAIL

    failing = [case for case in objects(MEMORY, 1, 200) if case.operation is Operation.CREATE and still(case)]
    attempts.clear()
    small = [shrink(case, still) for case in failing]
    assert len(attempts) < 150 * len(failing)
    specs = {repr(case.manifest["spec"]) for case in small}
    assert {spec[spec.index("ontainers") :].strip("{}") for spec in specs} == {"ontainers': [False]"}
    assert len(specs) <= len(MEMORY.kinds) * 2
    assert small == [shrink(case, still) for case in failing]


def test_a_case_that_does_not_show_it_is_refused() -> None:
    with pytest.raises(AssertionError, match="x does not show it"):
        shrink(Case(OBJECT, label="x"), lambda _: False)
