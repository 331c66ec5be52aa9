"""Evaluation that is watched: every atom is evaluated on every object, for every element, and what it was is counted.

The closures that `check` runs stop as soon as the answer is known; these do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.closures import (
    FIRST_VARIABLE,
    Frame,
    OfCondition,
    OfItems,
    Slots,
    condition_closure,
    items_closure,
    value_closure,
)
from cmpolicy.evaluate.known import NOTHING
from cmpolicy.evaluate.values import entries
from cmpolicy.generate.atoms import Aspect, Atom, Path, Quantifier, atoms
from cmpolicy.passes.tree import children
from cmpolicy.values import Json

Key: TypeAlias = tuple[Path, Aspect]
Bind: TypeAlias = Callable[[Frame, Json], None]


@dataclass(slots=True)
class Seen:
    """How often an atom was true and how often false."""

    true: int = 0
    false: int = 0

    def note(self, value: bool) -> None:
        if value:
            self.true += 1
        else:
            self.false += 1


class Observer:
    """Watches a rule, lowered for one kind, judge objects; `seen` counts, for each of `atoms`."""

    def __init__(self, rule: ir.Rule) -> None:
        self.atoms: tuple[Atom, ...] = atoms(rule)
        self.seen: dict[Key, Seen] = {(atom.path, atom.aspect): Seen() for atom in self.atoms}
        self._slots: Slots = {}
        self._when = self._watch(rule.when, (0,))
        self._condition = self._watch(rule.condition, (1,))
        self._on_creation = ir.Operation.CREATE in rule.operations

    def watch(self, manifest: Json, old: Json) -> bool:
        """Judge an object. Atoms of the condition count where `when` is true: else the rule looks no further."""
        if old is None and not self._on_creation:
            return False
        frame: Frame = [manifest, old, NOTHING, *([None] * len(self._slots))]
        return self._when(frame) and self._condition(frame)

    def of(self, atom: Atom) -> Seen:
        """What was seen of an atom."""
        return self.seen[atom.path, atom.aspect]

    def _watch(self, condition: ir.Condition, path: Path) -> OfCondition:
        match condition:
            case ir.Bool(value):
                return lambda _: value
            case ir.And(items):
                parts = [self._watch(item, (*path, index)) for index, item in enumerate(items)]
                return lambda frame: all(_each(parts, frame))
            case ir.Or(items):
                parts = [self._watch(item, (*path, index)) for index, item in enumerate(items)]
                return lambda frame: any(_each(parts, frame))
            case ir.Not(item):
                inner = self._watch(item, (*path, 0))
                return lambda frame: not inner(frame)
            case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
                return self._watch_quantifier(condition, path)
            case _:
                return self._watch_test(condition, path)

    def _watch_test(self, test: ir.Condition, path: Path) -> OfCondition:
        counts = [self._watch_count(count, where) for count, where in _counts(test, path)]
        holds, note = condition_closure(test, self._slots), self.seen[path, Aspect.HOLDS].note

        def watched(frame: Frame) -> bool:
            for count in counts:
                count(frame)
            value = holds(frame)
            note(value)
            return value

        return watched

    def _watch_count(self, count: ir.Count, path: Path) -> Callable[[Frame], list[bool]]:
        of_items, bind = items_closure(count.items, self._slots), self._binding(count.var)
        return self._loop(of_items, bind, self._watch(count.condition, (*path, 1)), path)

    def _watch_quantifier(self, quantifier: Quantifier, path: Path) -> OfCondition:
        loop = self._quantifier_loop(quantifier, path)
        note, join = self.seen[path, Aspect.HOLDS].note, any if isinstance(quantifier, ir.Any | ir.AnyEntry) else all

        def watched(frame: Frame) -> bool:
            value = join(loop(frame))
            note(value)
            return value

        return watched

    def _quantifier_loop(self, quantifier: Quantifier, path: Path) -> Callable[[Frame], list[bool]]:
        match quantifier:
            case ir.Any(items, var, inner) | ir.All(items, var, inner):
                of_items, bind = items_closure(items, self._slots), self._binding(var)
                return self._loop(of_items, bind, self._watch(inner, (*path, 1)), path)
            case ir.AnyEntry(value, key, var, inner) | ir.AllEntry(value, key, var, inner):
                of_value = value_closure(value, self._slots)
                cells = self._slot(key), self._slot(var)
                return self._entry_loop(of_value, cells, self._watch(inner, (*path, 1)), path)
            case _:
                assert_never(quantifier)

    def _slot(self, var: str) -> int:
        return self._slots.setdefault(var, FIRST_VARIABLE + len(self._slots))

    def _loop(self, of_items: OfItems, bind: Bind, inner: OfCondition, path: Path) -> Callable[[Frame], list[bool]]:
        note = self.seen[path, Aspect.FILLED].note

        def loop(frame: Frame) -> list[bool]:
            elements = of_items(frame)
            note(bool(elements))
            results = []
            for element in elements:
                bind(frame, element)
                results.append(inner(frame))
            return results

        return loop

    def _binding(self, var: str) -> Bind:
        slot = self._slot(var)

        def bind(frame: Frame, element: Json) -> None:
            frame[slot] = element

        return bind

    def _entry_loop(
        self, of_value: Callable[[Frame], Json], cells: tuple[int, int], inner: OfCondition, path: Path
    ) -> Callable[[Frame], list[bool]]:
        note = self.seen[path, Aspect.FILLED].note

        def loop(frame: Frame) -> list[bool]:
            found = entries(of_value(frame))
            note(bool(found))
            results = []
            for entry in found:
                frame[cells[0]], frame[cells[1]] = entry
                results.append(inner(frame))
            return results

        return loop


def _each(parts: Sequence[OfCondition], frame: Frame) -> list[bool]:
    """What every part is: a list, so that none is left out."""
    return [part(frame) for part in parts]


def _counts(node: ir.Node, path: Path) -> Iterator[tuple[ir.Count, Path]]:
    """The counts that a test reads, each with its path, without those inside another."""
    for index, child in enumerate(children(node)):
        if isinstance(child, ir.Count):
            yield child, (*path, index)
        else:
            yield from _counts(child, (*path, index))
