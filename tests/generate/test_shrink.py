"""Shrinking keeps what it is told to keep, and nothing that can go."""

from __future__ import annotations

from cmpolicy.generate import Case, shrink
from cmpolicy.generate.edit import at, drop, places
from cmpolicy.generate.shrink import IDENTITY
from cmpolicy.ir import Operation
from cmpolicy.values import JsonMap

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
