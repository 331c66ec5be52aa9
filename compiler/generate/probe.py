"""A test of a rule, ready to be made true or false: its closure, what it reads, and values to put there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate.closures import OBJECT, OfCondition, OfValue, Slots, condition_closure, value_closure
from cmpolicy.evaluate.values import is_number, seconds
from cmpolicy.generate.draft import Draft, draft, place_of, writable
from cmpolicy.generate.near import DURATIONS, IMAGES, QUANTITIES, SHARES, URLS, near
from cmpolicy.generate.texts import samples
from cmpolicy.passes.tree import children
from cmpolicy.values import Json

Test: TypeAlias = ir.Exists | ir.IsType | ir.Eq | ir.In | ir.Compare | ir.CompareQuantity | ir.Text | ir.Matches
"""The conditions without parts that are conditions."""

PLAIN: tuple[Json, ...] = (None, "x", 1, True, False, {}, [])
MOST_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Probe:
    """A test, and how it can be decided.

    `good` are the values of its only read that make it true, and those that make it false; None if it has not exactly
    one read that settles it. `operands` are its values, whose neighbourhood decides a test of two reads.
    """

    holds: OfCondition
    reads: tuple[ir.Value, ...]
    operands: tuple[OfValue, ...]
    flags: tuple[ir.Flag, ...]
    counts: tuple[ir.Count, ...]
    lengths: tuple[ir.Value, ...]
    candidates: tuple[Json, ...]
    good: tuple[tuple[Json, ...], tuple[Json, ...]] | None


def probe(test: Test, slots: Slots) -> Probe:
    """The probe of a test; `slots` are those of the rule."""
    holds = condition_closure(test, slots)
    values = [node for node in children(test) if not isinstance(node, _CONDITIONS)]
    inside = list(_values_below(test))
    reads = tuple(dict.fromkeys(read for value in values for read in writable(_as_value(value))))
    flags = tuple(node for node in inside if isinstance(node, ir.Flag))
    counts = tuple(node for node in inside if isinstance(node, ir.Count))
    lengths = tuple(read for node in inside if isinstance(node, ir.Len) for read in _measured(node.value))
    candidates = distinct(_candidates(test, inside))
    good = None
    if len(reads) == 1 and not flags and not counts:
        good = _sorted(holds, reads[0], candidates, slots)
    operands = tuple(value_closure(_as_value(value), slots) for value in values)
    return Probe(holds, reads, operands, flags, counts, lengths, candidates, good)


_CONDITIONS = (
    *(ir.Bool, ir.And, ir.Or, ir.Not, ir.Exists, ir.IsType, ir.Eq, ir.In, ir.Compare, ir.CompareQuantity),
    *(ir.Text, ir.Matches, ir.Any, ir.All, ir.AnyEntry, ir.AllEntry),
)


def _as_value(node: ir.Node) -> ir.Value:
    assert not isinstance(node, (*_CONDITIONS, ir.Elems, ir.Concat)), node
    return node


def _values_below(node: ir.Node) -> Iterator[ir.Node]:
    """The nodes below, without what is inside a condition of a `Count`."""
    for child in children(node):
        if not isinstance(child, _CONDITIONS):
            yield child
            yield from _values_below(child)


def _measured(value: ir.Value) -> tuple[ir.Value, ...]:
    return (value,) if isinstance(value, ir.Known) else writable(value)


def _candidates(test: Test, inside: Sequence[ir.Node]) -> Iterator[Json]:
    constants = [node.value for node in inside if isinstance(node, ir.Const)]
    for constant in constants:
        yield from near(constant)
    if any(isinstance(node, ir.Len) for node in inside):
        yield from _of_length(constants)
    if isinstance(test, ir.CompareQuantity):
        yield from QUANTITIES
    if isinstance(test, ir.Matches):
        yield from samples(test.pattern)
    if any(isinstance(node, ir.Get) and node.key == "image" for node in inside):
        yield from IMAGES
    if any(isinstance(node, ir.UrlPort) for node in inside):
        yield from URLS
    if any(isinstance(node, ir.Seconds) for node in inside):
        yield from DURATIONS
        yield from _of_seconds(constants)
    if any(isinstance(node, ir.Scaled) for node in inside):
        yield from SHARES
    yield from PLAIN


def _of_seconds(constants: Sequence[ir.Constant]) -> Iterator[Json]:
    """Durations around each constant, a duration or a number of seconds."""
    for constant in constants:
        whole = constant if is_number(constant) else seconds(constant) if isinstance(constant, str) else None
        if isinstance(whole, int):
            for near_it in range(max(0, whole - 1), whole + 2):
                yield f"{near_it // 3600}h{near_it % 3600 // 60}m{near_it % 60}s"


def _of_length(constants: Sequence[ir.Constant]) -> Iterator[Json]:
    """Texts, lists and maps of the lengths around each constant."""
    for number in constants:
        if is_number(number):
            for length in range(max(0, int(number) - 1), min(MOST_LENGTH, int(number) + 2)):
                yield from ("x" * length, "😀" * length, ["x"] * length, {f"k{index}": "x" for index in range(length)})


def distinct(values: Iterator[Json]) -> tuple[Json, ...]:
    """The values without repetition; 1, 1.0 and true are three."""
    return tuple({repr(value): value for value in values}.values())


def _sorted(
    holds: OfCondition, read: ir.Value, candidates: Sequence[Json], slots: Slots
) -> tuple[tuple[Json, ...], tuple[Json, ...]] | None:
    """The candidates that make the test true and those that make it false, where nothing else stands."""
    empty = _nothing_but(read)
    place = place_of(read, empty)
    if place is None or place == (OBJECT,):
        return None
    true: list[Json] = []
    false: list[Json] = []
    for value in candidates:
        (true if holds(empty.put(place, value).frame(slots)) else false).append(value)
    return tuple(true), tuple(false)


def _nothing_but(read: ir.Value) -> Draft:
    """An empty draft in which the variable that the read starts from, if any, is bound."""
    made, place = draft({}, {}).hold(None)
    for var in _variables(read):
        made = made.bind(var, place)
    return made


def _variables(node: ir.Node) -> Iterator[str]:
    if isinstance(node, ir.Var):
        yield node.name
    for child in children(node):
        yield from _variables(child)
