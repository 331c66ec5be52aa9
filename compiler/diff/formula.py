"""Conditions as formulas: conjunctions and negations over tests, each distinct one stored once.

A formula is a whole number: a positive one names a node, and the negative one its negation. So two conditions that are
the same after normalization are the same number, whatever their variables are called and in whatever order they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir

Formula: TypeAlias = int
TRUE: Formula = 1
FALSE: Formula = -1


@dataclass(frozen=True, slots=True)
class Truth:
    """What is always true."""


@dataclass(frozen=True, slots=True)
class Both:
    """All of these formulas, of which there are two or more, sorted."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A condition without parts, its values in canonical form."""

    condition: ir.Exists | ir.IsType | ir.Eq | ir.In | ir.Compare | ir.CompareQuantity | ir.Text | ir.Matches


@dataclass(frozen=True, slots=True)
class Some:
    """Some element of the list, or value of the map if `entries`, that `value` is satisfies the formula.

    In it, `Var` of `element(depth)` is the element or the value, and of `key(depth)` the key.
    """

    value: ir.Value
    entries: bool
    depth: int
    inner: Formula


Shape: TypeAlias = Truth | Both | Test | Some


def element(depth: int) -> str:
    """The canonical variable for an element at this depth of nesting."""
    return f"e{depth}"


def key(depth: int) -> str:
    """The canonical variable for the key of an entry at this depth of nesting."""
    return f"k{depth}"


class Pool:
    """Every formula of a comparison. Nothing is ever taken out, so what is known of a formula may be remembered."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = [Truth(), Truth()]
        self._numbers: dict[Shape, Formula] = {Truth(): TRUE}
        self._atoms: dict[Formula, frozenset[Formula]] = {}

    def shape(self, formula: Formula) -> Shape:
        """The node that the formula names or negates."""
        return self._shapes[abs(formula)]

    def of(self, shape: Test | Some | Both) -> Formula:
        """The number of a node."""
        found = self._numbers.get(shape)
        if found is None:
            found = self._numbers[shape] = len(self._shapes)
            self._shapes.append(shape)
        return found

    def every(self, parts: Iterable[Formula]) -> Formula:
        """The conjunction: flat, without repetitions, and decided where that shows."""
        kept: set[Formula] = set()
        for part in parts:
            kept.update(self.conjuncts(part))
        kept.discard(TRUE)
        if FALSE in kept or any(-part in kept for part in kept):
            return FALSE
        if len(kept) < 2:
            return kept.pop() if kept else TRUE
        return self.of(Both(tuple(sorted(kept))))

    def some(self, parts: Iterable[Formula]) -> Formula:
        """The disjunction."""
        return -self.every(-part for part in parts)

    def conjuncts(self, formula: Formula) -> tuple[Formula, ...]:
        """The formulas whose conjunction it is: itself, unless it is one."""
        shape = self._shapes[abs(formula)]
        return shape.parts if formula > 0 and isinstance(shape, Both) else (formula,)

    def assume(self, formula: Formula, known: Mapping[Formula, bool]) -> Formula:
        """The formula where these nodes, by their positive numbers, are true or false."""
        return self._assumed(formula, known, {})

    def _assumed(self, formula: Formula, known: Mapping[Formula, bool], done: dict[Formula, Formula]) -> Formula:
        node = abs(formula)
        found = done.get(node)
        if found is None:
            found = done[node] = self._assumed_node(node, known, done)
        return found if formula > 0 else -found

    def _assumed_node(self, node: Formula, known: Mapping[Formula, bool], done: dict[Formula, Formula]) -> Formula:
        if node in known:
            return TRUE if known[node] else FALSE
        match self._shapes[node]:
            case Both(parts):
                return self.every([self._assumed(part, known, done) for part in parts])
            case Some(value, entries, depth, inner):
                return self.exists(value, entries, depth, self._assumed(inner, known, done))
            case _:
                return node

    def exists(self, value: ir.Value, entries: bool, depth: int, inner: Formula) -> Formula:
        """Whether some element satisfies the inner formula; none does where that is false."""
        return FALSE if inner == FALSE else self.of(Some(value, entries, depth, inner))

    def atoms(self, formula: Formula) -> frozenset[Formula]:
        """The tests and quantifiers in the formula, by positive number, those inside quantifiers too."""
        node = abs(formula)
        found = self._atoms.get(node)
        if found is None:
            found = self._atoms[node] = frozenset(self._below(node))
        return found

    def _below(self, node: Formula) -> Iterator[Formula]:
        match self._shapes[node]:
            case Both(parts):
                for part in parts:
                    yield from self.atoms(part)
            case Some(_, _, _, inner):
                yield node
                yield from self.atoms(inner)
            case Test():
                yield node
            case Truth():
                return
