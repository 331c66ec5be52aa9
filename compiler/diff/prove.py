"""Proof that no object satisfies a formula: case by case, each ruled out by what one value can be.

It is sound and not complete: what it refutes no object satisfies; of the rest, some are satisfied by none either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.diff.domains import domain, is_natural, needed_below
from cmpolicy.diff.formula import FALSE, TRUE, Both, Formula, Pool, Some, Test
from cmpolicy.diff.pairs import Pair, operand_sorts, pair_of, pairs_agree
from cmpolicy.diff.regions import ANY, Sort, Unary, possible

MOST_STEPS = 4000
"""Cases that are looked at before a proof is given up; about a second."""

Lists: TypeAlias = Mapping[tuple[ir.Value, bool], Sequence[tuple[Formula, bool]]]
"""Per list or map, and whether its entries are meant: formulas, and whether some element satisfies each."""


class TooHardError(Exception):
    """A proof takes more steps than are allowed."""


@dataclass(slots=True)
class Prover:
    """Proofs about the formulas of one pool."""

    pool: Pool
    steps: int = 0
    _done: dict[Formula, bool] = field(default_factory=dict)

    def refuted(self, formula: Formula) -> bool:
        """Whether it is proved that no object satisfies the formula."""
        self.steps = MOST_STEPS
        try:
            return self._refuted(formula)
        except (TooHardError, RecursionError):
            return False

    def _refuted(self, formula: Formula) -> bool:
        formula = self._settled(formula)
        if formula in (TRUE, FALSE):
            return formula == FALSE
        found = self._done.get(formula)
        if found is None:
            found = self._done[formula] = self._by_cases(formula)
        return found

    def _by_cases(self, formula: Formula) -> bool:
        self.steps -= 1
        if self.steps < 0:
            raise TooHardError
        parts = self.pool.conjuncts(formula)
        choices = [shape.parts for part in parts if part < 0 and isinstance(shape := self.pool.shape(part), Both)]
        literals = [part for part in parts if not isinstance(self.pool.shape(part), Both)]
        if self._contradict(literals):
            return True
        if not choices:
            return False
        first = min(choices, key=len)[0]
        return all(self._refuted(self.pool.every((*parts, case))) for case in (-first, first))

    def _settled(self, formula: Formula) -> Formula:
        """The formula in which each of its conjuncts is taken as known in the others."""
        while True:
            parts = self.pool.conjuncts(formula)
            known = {abs(part): part > 0 for part in parts}
            again = self.pool.every(self._given_the_others(part, known) for part in parts)
            if again == formula:
                return formula
            formula = again

    def _given_the_others(self, part: Formula, known: Mapping[Formula, bool]) -> Formula:
        if not self.pool.atoms(part) & known.keys() - {abs(part)} and not isinstance(self.pool.shape(part), Both):
            return part
        return self.pool.assume(part, {node: value for node, value in known.items() if node != abs(part)})

    def _contradict(self, literals: Sequence[Formula]) -> bool:
        """Whether the literals, all true, rule each other out by what they say of single values, pairs and lists."""
        single: dict[ir.Value, dict[Unary, bool]] = defaultdict(dict)
        pairs: dict[Pair, dict[Unary, bool]] = defaultdict(dict)
        lists: dict[tuple[ir.Value, bool], list[tuple[Formula, bool]]] = defaultdict(list)
        for literal in literals:
            match self.pool.shape(literal):
                case Test(condition):
                    pair = pair_of(condition)
                    if pair is None:
                        single[tested(condition)][condition] = literal > 0
                    else:
                        pairs[pair][condition] = literal > 0
                case Some(value, entries, _, inner):
                    lists[value, entries].append((inner, literal > 0))
        sorts = _sorts_of_lists(lists)
        for pair, wanted in pairs.items():
            for value in pair:
                sorts[value] = sorts.get(value, ANY) & operand_sorts(wanted)
        return (
            not all(map(pairs_agree, pairs.values()))
            or not _values_agree(single, sorts)
            or any(self._lists_contradict(formulas, literals) for formulas in lists.values())
        )

    def _lists_contradict(self, formulas: Sequence[tuple[Formula, bool]], literals: Sequence[Formula]) -> bool:
        """Whether one element is asked for that none of the list can be, as every element is denied something."""
        denied = [-inner for inner, wanted in formulas if not wanted]
        return any(self._element_refuted([inner, *denied], literals) for inner, wanted in formulas if wanted)

    def _element_refuted(self, inner: Sequence[Formula], literals: Sequence[Formula]) -> bool:
        read = frozenset[Formula]().union(*map(self.pool.atoms, inner))
        around = [each for each in literals if abs(each) in read and isinstance(self.pool.shape(each), Test)]
        return self._refuted(self.pool.every((*inner, *around)))


def tested(condition: Unary) -> ir.Value:
    """The value that a test of one value is about."""
    return condition.left if isinstance(condition, ir.Eq | ir.Compare | ir.CompareQuantity) else condition.value


def _sorts_of_lists(lists: Lists) -> dict[ir.Value, frozenset[Sort]]:
    found: dict[ir.Value, frozenset[Sort]] = {}
    for (value, entries), formulas in lists.items():
        if any(wanted for _, wanted in formulas):
            found[value] = found.get(value, ANY) & {Sort.MAP if entries else Sort.LIST}
    return found


def _values_agree(single: Mapping[ir.Value, Mapping[Unary, bool]], given: Mapping[ir.Value, frozenset[Sort]]) -> bool:
    """Whether each value can pass its tests, and be where it stands: a value below another needs that to be a map."""
    sorts = dict(given)
    for value in sorted(_with_those_above({*single, *given}), key=_height, reverse=True):
        allowed = sorts.get(value, ANY) & domain(value)
        found = possible(single.get(value, {}), allowed, natural=is_natural(value))
        if not found:
            return False
        if Sort.NULL not in found and (below := needed_below(value)) is not None:
            inner, needed = below
            sorts[inner] = sorts.get(inner, ANY) & needed
    return True


def _with_those_above(values: Iterable[ir.Value]) -> set[ir.Value]:
    found: set[ir.Value] = set()
    for value in values:
        each: ir.Value | None = value
        while each is not None and each not in found:
            found.add(each)
            below = needed_below(each)
            each = None if below is None else below[0]
    return found


def _height(value: ir.Value) -> int:
    below = needed_below(value)
    return 0 if below is None else 1 + _height(below[0])
