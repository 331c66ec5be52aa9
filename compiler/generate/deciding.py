"""Which atoms a case decides on: judged as if one of them were its opposite, the rule says something else of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.closures import (
    FIRST_VARIABLE,
    Frame,
    OfCondition,
    Slots,
    condition_closure,
    items_closure,
    value_closure,
)
from cmpolicy.evaluate.values import entries
from cmpolicy.generate.atoms import Aspect, Atom, Path, Quantifier, atoms
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.possible import constant, masked
from cmpolicy.passes.tree import children
from cmpolicy.values import Json

Said: TypeAlias = tuple[bool, bool]
"""Whether the rule looks at a case, and whether it is content with it."""
Bindings: TypeAlias = Callable[[Frame], Iterable[tuple[Json, ...]]]
"""What the variables of a quantifier are, one element or entry after the other."""


def deciders(rule: ir.Rule, kind: ir.Kind) -> list[Atom]:
    """The atoms on which some verdict may depend, without those inside a `Count`, which other elements may outweigh."""
    return [
        atom
        for atom in atoms(rule)
        if atom.aspect is Aspect.HOLDS
        and constant(rule, kind, atom) is None
        and not masked(rule, kind, atom)
        and not _is_counted(rule, atom)
    ]


def _is_counted(rule: ir.Rule, atom: Atom) -> bool:
    node: ir.Node = (rule.when, rule.condition)[atom.path[0]]
    for step in atom.path[1:]:
        node = children(node)[step]
        if isinstance(node, ir.Count):
            return True
    return False


def shared(left: Path, right: Path) -> int:
    """How much of their way two nodes have in common."""
    return next(
        (spot for spot, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )


class Deciding:
    """A rule, lowered for one kind, and those of the atoms on which no case was found to depend."""

    def __init__(self, rule: ir.Rule, open_: Iterable[Atom]) -> None:
        self._slots: Slots = {}
        self._turned: Path | None = None
        self._when = self._closure(rule.when, (0,))
        self._condition = self._closure(rule.condition, (1,))
        self.open: list[Atom] = list(open_)

    def strike(self, made: Draft) -> list[Atom]:
        """The atoms that were open and on which this draft depends; they no longer are."""
        frame = made.frame(self._slots)
        said = self._say(frame, None)
        found = [atom for atom in self.open if self._say(frame, atom.path) != said]
        self.open = [atom for atom in self.open if atom not in found] if found else self.open
        return found

    def _say(self, frame: Frame, turned: Path | None) -> Said:
        self._turned = turned
        looks = self._when(frame)
        return looks, looks and self._condition(frame)

    def _closure(self, condition: ir.Condition, path: Path) -> OfCondition:
        match condition:
            case ir.Bool(value):
                return lambda _: value
            case ir.And(items):
                return _joined([self._closure(item, (*path, index)) for index, item in enumerate(items)], False)
            case ir.Or(items):
                return _joined([self._closure(item, (*path, index)) for index, item in enumerate(items)], True)
            case ir.Not(item):
                inner = self._closure(item, (*path, 0))
                return lambda frame: not inner(frame)
            case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
                return self._turning(self._quantifier(condition, path), path)
            case _:
                return self._turning(condition_closure(condition, self._slots), path)

    def _turning(self, holds: OfCondition, path: Path) -> OfCondition:
        return lambda frame: holds(frame) is not (self._turned == path)

    def _quantifier(self, quantifier: Quantifier, path: Path) -> OfCondition:
        bindings, cells = self._bindings(quantifier)
        inner = self._closure(quantifier.condition, (*path, 1))
        some = isinstance(quantifier, ir.Any | ir.AnyEntry)

        def holds(frame: Frame) -> bool:
            for values in bindings(frame):
                for cell, value in zip(cells, values, strict=True):
                    frame[cell] = value
                if inner(frame) is some:
                    return some
            return not some

        return holds

    def _bindings(self, quantifier: Quantifier) -> tuple[Bindings, tuple[int, ...]]:
        match quantifier:
            case ir.Any(items, var, _) | ir.All(items, var, _):
                of_items = items_closure(items, self._slots)
                return (lambda frame: ((element,) for element in of_items(frame))), (self._slot(var),)
            case ir.AnyEntry(value, key, var, _) | ir.AllEntry(value, key, var, _):
                of_value = value_closure(value, self._slots)
                return (lambda frame: entries(of_value(frame))), (self._slot(key), self._slot(var))
            case _:
                assert_never(quantifier)

    def _slot(self, var: str) -> int:
        return self._slots.setdefault(var, FIRST_VARIABLE + len(self._slots))


def _joined(parts: Sequence[OfCondition], absorbing: bool) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for part in parts:
            if part(frame) is absorbing:
                return absorbing
        return not absorbing

    return holds
