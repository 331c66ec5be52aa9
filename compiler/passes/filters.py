"""What a rule asks of the known objects of a kind whenever it runs over them: to be asked once, and of those left the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.lang.scopes import free
from cmpolicy.once import once
from cmpolicy.passes.normalize import simplify
from cmpolicy.passes.tree import map_rule, walk_rule
from cmpolicy.passes.unique_names import common_names

_Loop: TypeAlias = ir.Any | ir.All | ir.Count
_Parts: TypeAlias = tuple[ir.Condition, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which known objects are left: those for which the condition is true, where `Var(var)` is the object."""

    var: str
    condition: ir.Condition


@dataclass(frozen=True, slots=True)
class Filtered:
    """A rule whose quantifiers over some lists of known objects mean only those that the list's filter leaves.

    `whole` is the same rule without filters, for whom has to know all that is read.
    """

    rule: ir.Rule
    filters: Mapping[ir.Items, Filter]
    whole: ir.Rule


@once  # for all languages
def filtered(rule: ir.Rule) -> Filtered:
    """The rule with what all quantifiers over a list have in common made the list's filter.

    `any(l, x, p(x) & q(x)) & !any(l, x, p(x) & r(x))  ->  any(l', x, q(x)) & !any(l', x, r(x))`, where `l'` are the elements
    of `l` that satisfy `p`. Other lists are short, and what rules ask of them seldom begins alike.
    """
    if not _run_over_often(rule):
        return Filtered(rule, {}, rule)
    whole = common_names(rule)
    filters = {items: each for items, loops in _run_over_often(whole).items() if (each := _filter(loops)) is not None}

    def without(loop: _Loop) -> ir.Condition:
        found = filters.get(loop.items)
        return loop.condition if found is None else _rest(loop, _parts(found.condition))

    def on_value(value: ir.Value) -> ir.Value:
        return ir.Count(value.items, value.var, without(value)) if isinstance(value, ir.Count) else value

    def on_condition(condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.Any(items, var, _) | ir.All(items, var, _) if items in filters:
                return type(condition)(items, var, without(condition))
            case _:
                return condition

    return Filtered(map_rule(whole, on_value, on_condition), filters, whole)


def _run_over_often(rule: ir.Rule) -> dict[ir.Items, list[_Loop]]:
    """The lists of known objects that several quantifiers run over, with these; none that is read in another way too."""
    nodes = walk_rule(rule)
    known = (node for node in nodes if type(node) is ir.Elems and type(node.value) is ir.Known)
    times: Counter[ir.Items] = Counter(known)
    loops: dict[ir.Items, list[_Loop]] = {items: [] for items, number in times.items() if number > 1}
    for node in nodes if loops else ():
        if isinstance(node, _Loop) and node.items in loops:
            loops[node.items].append(node)
    return {items: found for items, found in loops.items() if len(found) == times[items]}


def _filter(loops: Sequence[_Loop]) -> Filter | None:
    """What all of them ask of an element and of nothing else that is bound; None if there is no such thing."""
    first, *others = loops
    if any(other.var != first.var for other in others):
        return None
    asked = [_asked(other) for other in others]
    common = tuple(
        part for part in _asked(first) if all(part in each for each in asked) and _reads_only(part, first.var)
    )
    return Filter(first.var, simplify(ir.And(common))) if common else None


def _reads_only(condition: ir.Condition, var: str) -> bool:
    return [each for each in free(condition) if isinstance(each, ir.Var)] == [ir.Var(var)]


def _asked(loop: _Loop) -> _Parts:
    """Conditions without which an element has no say in what the loop gives."""
    match loop:
        case ir.All(_, _, condition):
            ruled_out = (item.item for item in _choices(condition) if isinstance(item, ir.Not))
            return tuple(part for item in ruled_out for part in _parts(item))
        case _:
            return _parts(loop.condition)


def _rest(loop: _Loop, known: _Parts) -> ir.Condition:
    """What is left to ask of an element for which the known conditions are true."""
    match loop:
        case ir.All(_, _, condition):
            return simplify(ir.Or(tuple(_rest_of_choice(item, known) for item in _choices(condition))))
        case _:
            return _without(loop.condition, known)


def _rest_of_choice(choice: ir.Condition, known: _Parts) -> ir.Condition:
    return simplify(ir.Not(_without(choice.item, known))) if isinstance(choice, ir.Not) else choice


def _without(condition: ir.Condition, known: _Parts) -> ir.Condition:
    return simplify(ir.And(tuple(part for part in _parts(condition) if part not in known)))


def _parts(condition: ir.Condition) -> _Parts:
    return condition.items if isinstance(condition, ir.And) else (condition,)


def _choices(condition: ir.Condition) -> _Parts:
    return condition.items if isinstance(condition, ir.Or) else (condition,)
