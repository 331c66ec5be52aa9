"""Edits copy what they change and leave the rest alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from cmpolicy.generate.edit import Place, at, drop, places, put
from cmpolicy.values import Json

VALUE: Any = {"a": [{"b": 1}, None], "c": {"d": None}}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((), VALUE),
        (("a", 0, "b"), 1),
        (("a", 2), None),
        (("a", "b"), None),
        (("c", 0), None),
        (("c", "d", "e"), None),
    ],
)
def test_at(place: Place, expected: Json) -> None:
    assert at(VALUE, place) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((), "x"),
        (("a", 1), {"a": [{"b": 1}, "x"], "c": {"d": None}}),
        (("a", 3), {"a": [{"b": 1}, None, None, "x"], "c": {"d": None}}),
        (("a", 0, "b", "k"), {"a": [{"b": {"k": "x"}}, None], "c": {"d": None}}),
        (("c", 0), {"a": [{"b": 1}, None], "c": ["x"]}),
        (("e", "f"), {**VALUE, "e": {"f": "x"}}),
    ],
)
def test_put(place: Place, expected: Json) -> None:
    before = deepcopy(VALUE)
    assert put(VALUE, place, "x") == expected
    assert before == VALUE


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((), VALUE),
        (("a", 0), {"a": [None], "c": {"d": None}}),
        (("c", "d"), {"a": [{"b": 1}, None], "c": {}}),
        (("c", "x"), VALUE),
        (("a", 5), VALUE),
        (("c", "d", "e"), VALUE),
    ],
)
def test_drop(place: Place, expected: Json) -> None:
    before = deepcopy(VALUE)
    assert drop(VALUE, place) == expected
    assert before == VALUE


def test_places() -> None:
    assert list(places(VALUE)) == [("a",), ("a", 0), ("a", 0, "b"), ("a", 1), ("c",), ("c", "d")]
