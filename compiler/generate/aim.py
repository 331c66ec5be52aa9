"""Aiming: edit a draft so that one atom of a rule is true, or false, and decides what comes of the whole."""

from __future__ import annotations

from typing import assert_never

from cmpolicy import ir
from cmpolicy.generate import lists
from cmpolicy.generate.atoms import Aspect, Atom, Path, Quantifier
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.steer import force, steer
from cmpolicy.generate.workshop import Workshop
from cmpolicy.passes.tree import children


def aim(shop: Workshop, atom: Atom, wanted: bool, made: Draft) -> Draft:
    """The draft, edited so that the rule looks at it and the atom is as wanted, as far as that succeeds.

    What stands beside the atom is edited first, so that the atom decides: the other items of an `And` are made true,
    those of an `Or` false, the other elements under a quantifier likewise.
    """
    rule, rest = shop.rule, atom.path[1:]
    if atom.path[0] == 0:
        made = _approach(shop, rule.when, rest, atom, wanted, made)
        return steer(shop, rule.condition, False, made) if shop.chance.odds(0.3) else made
    made = steer(shop, rule.when, True, made)
    made = _approach(shop, rule.condition, rest, atom, wanted, made)
    return steer(shop, rule.when, True, made)


def _approach(shop: Workshop, node: ir.Node, path: Path, atom: Atom, wanted: bool, made: Draft) -> Draft:
    if not path:
        return _hit(shop, atom, wanted, made)
    step, rest = path[0], path[1:]
    match node:
        case ir.And(items) | ir.Or(items):
            for index, item in enumerate(items):
                if index != step:
                    made = steer(shop, item, isinstance(node, ir.And), made)
            return _approach(shop, items[step], rest, atom, wanted, made)
        case ir.Any() | ir.All() | ir.Count() if step == 1:
            return _approach_element(shop, node, rest, atom, wanted, made)
        case ir.AnyEntry() | ir.AllEntry() if step == 1:
            return _approach_entry(shop, node, rest, atom, wanted, made)
        case _:
            return _approach(shop, children(node)[step], rest, atom, wanted, made)


def _approach_element(
    shop: Workshop, node: ir.Any | ir.All | ir.Count, path: Path, atom: Atom, wanted: bool, made: Draft
) -> Draft:
    inside, place = lists.element(shop, node.items, made)
    if place is None:
        return made
    if not isinstance(node, ir.Count) and shop.chance.odds(0.5):
        inside, places = lists.elements(shop, node.items, inside)
        for other in places:
            if other != place:
                inside = steer(shop, node.condition, isinstance(node, ir.All), inside.bind(node.var, other))
    bound = inside.bind(node.var, place)
    return _approach(shop, node.condition, path, atom, wanted, bound).inside(made)


def _approach_entry(
    shop: Workshop, node: ir.AnyEntry | ir.AllEntry, path: Path, atom: Atom, wanted: bool, made: Draft
) -> Draft:
    for key in lists.keys(shop, node, made)[:1]:
        inside = lists.entry(shop, node, key, made)
        if inside is not None:
            return _approach(shop, node.condition, path, atom, wanted, inside).inside(made)
    return made


def _hit(shop: Workshop, atom: Atom, wanted: bool, made: Draft) -> Draft:
    """The atom itself as wanted, the variables around it being in scope."""
    match atom.node:
        case ir.Count() as count:
            return _fill(shop, count, wanted, made)
        case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry() as quantifier if atom.aspect is Aspect.FILLED:
            return _fill(shop, quantifier, wanted, made)
        case condition:
            return force(shop, condition, wanted, made)


def _fill(shop: Workshop, node: Quantifier | ir.Count, wanted: bool, made: Draft) -> Draft:
    match node:
        case ir.Any(items, _, _) | ir.All(items, _, _) | ir.Count(items, _, _):
            return lists.element(shop, items, made)[0] if wanted else lists.empty(shop, items, made)
        case ir.AnyEntry() | ir.AllEntry():
            if wanted:
                filled = lists.entry(shop, node, lists.keys(shop, node, made)[0], made)
                return made if filled is None else filled.inside(made)
            return lists.no_entries(shop, node.value, made)
        case _:
            assert_never(node)
