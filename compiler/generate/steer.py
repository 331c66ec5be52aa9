"""Steering: edit a draft until a condition is true, or false, in it.

Nothing here is sure to succeed, since conditions may contradict each other; what came of it is looked at afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from cmpolicy import ir
from cmpolicy.generate import lists
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.moves import move, number
from cmpolicy.generate.probe import Test
from cmpolicy.generate.workshop import Entries, Workshop

MOVES = 12
"""Edits tried for one test, or keys for one entry, before it is given up."""
ROUNDS = 2


def steer(shop: Workshop, condition: ir.Condition, wanted: bool, made: Draft) -> Draft:
    """The draft, edited so that the condition is as wanted if that was not hard; as it is where it is so already."""
    return made if shop.holds(condition, made) is wanted else force(shop, condition, wanted, made)


def force(shop: Workshop, condition: ir.Condition, wanted: bool, made: Draft) -> Draft:
    """As `steer`, but with something new also where the condition is as wanted already."""
    if shop.tires():
        return made
    match condition:
        case ir.Bool():
            return made
        case ir.Not(inner):
            return force(shop, inner, not wanted, made)
        case ir.And(items) | ir.Or(items):
            every = isinstance(condition, ir.And) is wanted
            return (_every if every else _some)(shop, condition, items, wanted, made)
        case ir.Any() | ir.All():
            some = isinstance(condition, ir.Any) is wanted
            return (_some_element if some else _every_element)(shop, condition, wanted, made)
        case ir.AnyEntry() | ir.AllEntry():
            some = isinstance(condition, ir.AnyEntry) is wanted
            return (_some_entry if some else _every_entry)(shop, condition, wanted, made)
        case (
            ir.Exists()
            | ir.IsType()
            | ir.Eq()
            | ir.In()
            | ir.Compare()
            | ir.CompareQuantity()
            | ir.Text()
            | ir.Matches()
        ):
            return _settle(shop, condition, wanted, made)
        case _:
            assert_never(condition)


def _every(shop: Workshop, whole: ir.Condition, items: Sequence[ir.Condition], wanted: bool, made: Draft) -> Draft:
    for _ in range(ROUNDS):
        for item in shop.chance.shuffled(items):
            made = steer(shop, item, wanted, made)
        if shop.holds(whole, made) is wanted:
            break
    return made


def _some(shop: Workshop, whole: ir.Condition, items: Sequence[ir.Condition], wanted: bool, made: Draft) -> Draft:
    edited = made
    for item in shop.chance.shuffled(items):
        edited = force(shop, item, wanted, made)
        if shop.holds(whole, edited) is wanted:
            break
    return edited


def _some_element(shop: Workshop, whole: ir.Any | ir.All, wanted: bool, made: Draft) -> Draft:
    inside, place = lists.element(shop, whole.items, made)
    if place is None:
        return made
    return force(shop, whole.condition, wanted, inside.bind(whole.var, place)).inside(made)


def _every_element(shop: Workshop, whole: ir.Any | ir.All, wanted: bool, made: Draft) -> Draft:
    if shop.chance.odds(0.1):
        return lists.empty(shop, whole.items, made)
    inside, places = lists.elements(shop, whole.items, made)
    for place in places:
        inside = steer(shop, whole.condition, wanted, inside.bind(whole.var, place))
    return inside.inside(made)


def _some_entry(shop: Workshop, whole: Entries, wanted: bool, made: Draft) -> Draft:
    edited = made
    for key in lists.keys(shop, whole, made)[:MOVES]:
        inside = lists.entry(shop, whole, key, made)
        if inside is None:
            break
        edited = force(shop, whole.condition, wanted, inside).inside(made)
        if shop.holds(whole, edited) is wanted:
            break
    return edited


def _every_entry(shop: Workshop, whole: Entries, wanted: bool, made: Draft) -> Draft:
    place = shop.place(whole.value, made)
    found = None if place is None else made.at(place)
    if place is None or not isinstance(found, Mapping) or shop.chance.odds(0.1):
        return lists.no_entries(shop, whole.value, made)
    for key in [key for key, value in found.items() if value is not None]:
        if (inside := lists.entry(shop, whole, key, made)) is not None:
            edited = steer(shop, whole.condition, wanted, inside)
            kept = shop.holds(whole.condition, edited) is wanted
            made = edited.inside(made) if kept else shop.remove(made, (*place, key))
    return made


def _settle(shop: Workshop, test: Test, wanted: bool, made: Draft) -> Draft:
    """The draft, edited by one of the values that make the test as wanted, or by one move after the other."""
    found = shop.probe(test)
    if found.good is not None and (values := found.good[0 if wanted else 1]):
        edited = shop.set(made, found.reads[0], shop.chance.pick(values))
        if shop.holds(test, edited) is wanted:
            return edited
    edited = made
    for _ in range(MOVES):
        if found.counts and shop.chance.odds(0.8):
            edited = _make_count(shop, shop.chance.pick(found.counts), number(shop, found), made)
        else:
            edited = move(shop, found, made)
        if shop.holds(test, edited) is wanted or shop.tires():
            break
    return edited


def _make_count(shop: Workshop, count: ir.Count, wanted: int, made: Draft) -> Draft:
    """The draft with so many elements that satisfy the condition of the count."""
    inside, places = lists.elements(shop, count.items, made)
    listed = lists.parts(count.items)
    for _ in range(wanted - len(places) if listed else 0):
        place = shop.place(shop.chance.pick(listed).value, inside)
        inside = inside if place is None else lists.append(shop, inside, place)[0]
    inside, places = lists.elements(shop, count.items, inside)
    for index, place in enumerate(shop.chance.shuffled(places)):
        inside = steer(shop, count.condition, index < wanted, inside.bind(count.var, place))
    return inside.inside(made)
