"""The order of tests that judge in a way: all of one way after each other, so that its cluster is started once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Test = TypeVar("Test")


def by_way(tests: Sequence[Test], way_of: Callable[[Test], str], ways: Sequence[str]) -> list[Test]:
    """The tests that judge in no way as they were, then the others, by their way; within one they keep their order."""
    order = {"": -1} | {way: place for place, way in enumerate(ways)}
    return sorted(tests, key=lambda test: order[way_of(test)])
