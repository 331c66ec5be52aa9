"""The condition that is true where one condition is and another is not, with what both share said once.

It is equivalent to `And((old, Not(new)))`, of about half its size, and stands deep where the two differ: a proof has fewer
cases, and what looks for an object knows what has to stay as it is around the difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.diff.canonical import Canonical
from cmpolicy.diff.formula import Formula, element, key
from cmpolicy.passes.normalize import simplify
from cmpolicy.passes.tree import map_condition, same_condition

Join: TypeAlias = type[ir.And] | type[ir.Or]
Names: TypeAlias = dict[str, str]
_JOINS: tuple[Join, ...] = (ir.And, ir.Or)


@dataclass(frozen=True, slots=True)
class Between:
    """Makes such conditions. The versions have no variable in common; both are simplified already."""

    canonical: Canonical

    def of(self, old: ir.Condition, new: ir.Condition) -> ir.Condition:
        """True where `old` is and `new` is not; `FALSE` if they are the same after normalization."""
        return self._of(old, new, {}, 0)

    def _of(self, old: ir.Condition, new: ir.Condition, names: Names, depth: int) -> ir.Condition:
        if self._formula(old, names, depth) == self._formula(new, names, depth):
            return ir.FALSE
        for join in _JOINS:
            if (found := self._joined(join, old, new, names, depth)) is not None:
                return found
        match old, new:
            case ir.Not(was), ir.Not(now):
                return self._of(now, was, names, depth)
            case (ir.Any() | ir.All(), ir.Any() | ir.All()) | (
                ir.AnyEntry() | ir.AllEntry(),
                ir.AnyEntry() | ir.AllEntry(),
            ):
                return self._quantified(old, new, names, depth)
            case _:
                return _apart(old, new)

    def _formula(self, condition: ir.Condition, names: Names, depth: int) -> Formula:
        return self.canonical.condition(condition, names, depth)

    def _joined(
        self, join: Join, old: ir.Condition, new: ir.Condition, names: Names, depth: int
    ) -> ir.Condition | None:
        """What both have in common once, and what differs of the rest; None if they have nothing in common.

        `(c & o) & !(c & n)  ->  c & (o & !n)` and `(c | o) & !(c | n)  ->  !c & (o & !n)`.
        """
        was = {self._formula(part, names, depth): part for part in _parts(old, join)}
        now = {self._formula(part, names, depth): part for part in _parts(new, join)}
        common = [part for formula, part in was.items() if formula in now]
        if not common:
            return None
        rest = self._of(
            _join(join, (part for formula, part in was.items() if formula not in now)),
            _join(join, (part for formula, part in now.items() if formula not in was)),
            names,
            depth,
        )
        return _every((*(common if join is ir.And else map(_not, common)), rest))

    def _quantified(self, old: ir.Condition, new: ir.Condition, names: Names, depth: int) -> ir.Condition:
        """`any(x, o) & !any(x, n)  ->  any(x, o & !n) & all(x, !n)`, and `all(x, o) & !all(x, n)  ->  any(x, o & !n) & all(x, o)`."""
        match old, new:
            case (ir.Any(items, var, was), ir.Any(others, other, now)) | (
                ir.All(items, var, was),
                ir.All(others, other, now),
            ) if items == others:
                now = _renamed(now, {other: var})
                inner = self._of(was, now, {**names, var: element(depth)}, depth + 1)
                kept = _not(now) if isinstance(old, ir.Any) else was
                return _every((simplify(ir.Any(items, var, inner)), simplify(ir.All(items, var, kept))))
            case (ir.AnyEntry(value, name, var, was), ir.AnyEntry(held, called, other, now)) | (
                ir.AllEntry(value, name, var, was),
                ir.AllEntry(held, called, other, now),
            ) if value == held:
                now = _renamed(now, {called: name, other: var})
                inside = {**names, name: key(depth), var: element(depth)}
                inner = self._of(was, now, inside, depth + 1)
                kept = _not(now) if isinstance(old, ir.AnyEntry) else was
                return _every(
                    (simplify(ir.AnyEntry(value, name, var, inner)), simplify(ir.AllEntry(value, name, var, kept)))
                )
            case _:
                return _apart(old, new)


def _parts(condition: ir.Condition, join: Join) -> tuple[ir.Condition, ...]:
    if isinstance(condition, ir.And | ir.Or) and isinstance(condition, join):
        return condition.items
    return (condition,)


def _join(join: Join, parts: Iterable[ir.Condition]) -> ir.Condition:
    return simplify(join(tuple(parts)))


def _every(parts: Iterable[ir.Condition]) -> ir.Condition:
    return _join(ir.And, parts)


def _not(condition: ir.Condition) -> ir.Condition:
    return simplify(ir.Not(condition))


def _apart(old: ir.Condition, new: ir.Condition) -> ir.Condition:
    return _every((old, _not(new)))


def _renamed(condition: ir.Condition, names: Names) -> ir.Condition:
    def on_value(value: ir.Value) -> ir.Value:
        return replace(value, name=names.get(value.name, value.name)) if isinstance(value, ir.Var) else value

    return map_condition(condition, on_value, same_condition)
