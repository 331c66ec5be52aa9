"""Make a case as small as it gets while it still shows what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.case import Case
from cmpolicy.generate.edit import Place, at, drop, places, put
from cmpolicy.values import Json

IDENTITY: frozenset[Place] = frozenset({("apiVersion",), ("kind",), ("metadata",), ("metadata", "name")})
"""What stays: no engine loads an object without it."""

SIMPLE: tuple[Json, ...] = (None, False, 0, "", [], {})
"""The values to put in the place of another, simplest first."""


def shrink(case: Case, still: Callable[[Case], bool]) -> Case:
    """The smallest case found for which `still` holds, as it must for `case`; the same one every time.

    Nothing can be deleted from it without losing that: no key, no element, and not the old object. It keeps its
    operation, and its identity where it has one.
    """
    assert still(case), f"{case.label} does not show it"
    shrunk = True
    while shrunk:
        case, shrunk = _once(case, still)
    return case


def _once(case: Case, still: Callable[[Case], bool]) -> tuple[Case, bool]:
    """Try every step once; whether one went. After a step the next stands at the same number, and is tried then."""
    steps, number, shrunk = list(_smaller(case)), 0, False
    while number < len(steps):
        if still(steps[number]):
            case, shrunk = steps[number], True
            steps = list(_smaller(case))
        else:
            number += 1
    return case, shrunk


def _smaller(case: Case) -> Iterator[Case]:
    """Every case one step smaller, the largest steps first."""
    if case.old is not None and case.object is not None:
        yield replace(case, old=None)
    if case.object is not None:
        yield from (replace(case, object=made) for made in _steps(case.object))
    if case.old is not None:
        yield from (replace(case, old=made) for made in _steps(case.old))


def _steps(value: Json) -> Iterator[Json]:
    """The value one step smaller: first without something, what holds most first; then with something simpler."""
    free = [place for place in places(value) if place not in IDENTITY]
    for place in free:
        yield drop(value, place)
    for place in free:
        yield from (put(value, place, made) for made in _simpler(at(value, place)))


def _simpler(value: Json) -> Iterator[Json]:
    """Values that are simpler than this one: strictly fewer, shorter or earlier among the simple ones."""
    weight = _weight(value)
    candidates = (*SIMPLE, *_parts(value))
    yield from (candidate for candidate in candidates if _weight(candidate) < weight)


def _parts(value: Json) -> Iterator[Json]:
    match value:
        case str():
            yield from (value[: len(value) // 2], value[len(value) // 2 :], value[1:], value[:-1])
        case bool():
            return
        case int() | float():
            yield from (1, int(value) if abs(value) < 2**53 else 1)
        case Mapping():
            yield from value.values()
        case _ if is_list(value):
            yield from value


def _weight(value: Json) -> tuple[int, int, str]:
    """Orders values by size; total, so that shrinking ends."""
    match value:
        case None:
            return (0, 0, "")
        case bool():
            return (1, int(value), "")
        case int() | float():
            return (2, 0 if value == 0 else len(repr(value)), repr(value))
        case str():
            return (3, len(value), value)
        case Mapping():
            return (4 + sum(1 + _weight(held)[0] for held in value.values()), 0, "")
        case _:
            assert is_list(value)
            return (4 + sum(1 + _weight(held)[0] for held in value), 0, "")
