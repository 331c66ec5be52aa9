"""Remember what was made of an object, by the object itself: rules and manifests have no hash, or one that costs more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 4096
"""How many objects are remembered, and so kept alive, before all are forgotten."""


def once(make: Callable[[T], R]) -> Callable[[T], R]:
    """`make` for objects that nobody changes: called once for each; one that is merely equal is another object."""
    made: dict[int, tuple[T, R]] = {}

    @wraps(make)
    def remembered(given: T) -> R:
        found = made.get(id(given))
        if found is None:
            if len(made) >= MOST:
                made.clear()
            found = made[id(given)] = (given, make(given))
        return found[1]

    return remembered
