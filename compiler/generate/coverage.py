"""Coverage: which atoms of a rule some cases show true, and which false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.evaluate.judge import kind_of, lowered
from cmpolicy.generate.atoms import Atom
from cmpolicy.generate.case import Case
from cmpolicy.generate.observe import Observer
from cmpolicy.generate.possible import Constant, constant


@dataclass(frozen=True, slots=True)
class Row:
    """An atom of a rule for one kind, and how often it was true and how often false."""

    kind: ir.Kind
    atom: Atom
    true: int
    false: int
    constant: Constant | None

    @property
    def missing(self) -> tuple[bool, ...]:
        """The sides not seen, without those that no object can show."""
        unseen = [side for side, times in ((True, self.true), (False, self.false)) if not times]
        return tuple(side for side in unseen if self.constant is None or self.constant.value is side)

    def __str__(self) -> str:
        why = "" if self.constant is None else f" ({self.constant.why})"
        return f"{self.kind.kind}: {self.atom.text}: {self.true} true, {self.false} false{why}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases show of a rule: a row for each atom and kind."""

    rule: ir.Rule
    cases: int
    rows: tuple[Row, ...]

    @property
    def uncovered(self) -> tuple[Row, ...]:
        """The rows with a side that was not seen and could be."""
        return tuple(row for row in self.rows if row.missing)

    @property
    def constants(self) -> tuple[Row, ...]:
        """The rows with a side that no object can show."""
        return tuple(row for row in self.rows if row.constant is not None)


def coverage(rule: ir.Rule, cases: Iterable[Case]) -> Coverage:
    """What the cases show of the rule. Only those count that it judges: of its kinds and its operations.

    An atom of the condition counts where `when` is true. What an atom is for each element of a list counts.
    """
    observers = {kind: Observer(lowered(rule, kind)) for kind in rule.kinds}
    number = 0
    for case in cases:
        number += 1
        kind = kind_of(rule, case.manifest)
        if kind is not None and case.object is not None and case.operation in rule.operations:
            observers[kind].watch(case.object, case.old)
    return Coverage(rule, number, tuple(row for kind, seen in observers.items() for row in _rows(rule, kind, seen)))


def _rows(rule: ir.Rule, kind: ir.Kind, observer: Observer) -> list[Row]:
    low = lowered(rule, kind)
    made = ((atom, observer.of(atom)) for atom in observer.atoms)
    return [Row(kind, atom, seen.true, seen.false, constant(low, kind, atom)) for atom, seen in made]


def table(found: Iterable[Coverage]) -> list[str]:
    """The coverage of several rules as lines: per rule its cases, atoms, sides seen and sides missing; then what misses."""
    rules = list(found)
    width = max((len(each.rule.id) for each in rules), default=4)
    lines = [f"{'rule':{width}}  {'cases':>6} {'atoms':>6} {'true':>6} {'false':>6} {'constant':>8} {'uncovered':>9}"]
    for each in rules:
        true, false = sum(row.true > 0 for row in each.rows), sum(row.false > 0 for row in each.rows)
        counts = f"{each.cases:6} {len(each.rows):6} {true:6} {false:6} {len(each.constants):8} {len(each.uncovered):9}"
        lines.append(f"{each.rule.id:{width}}  {counts}")
    return lines + [f"{each.rule.id} lacks {row.missing} of {row}" for each in rules for row in each.uncovered]
