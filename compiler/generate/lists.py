"""Finding and making the elements and entries that a rule's quantifiers run over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.values import elems, is_list
from cmpolicy.generate.draft import HELD, Draft
from cmpolicy.generate.edit import Place
from cmpolicy.generate.near import KEYS
from cmpolicy.generate.workshop import Entries, Workshop
from cmpolicy.values import Json

MOST_ELEMENTS = 24
MOST_ASKED = 8
FRESH: tuple[Json, ...] = ({}, "x", "1", 1, True)
"""New elements and entries, before they are edited; the first is written that may be."""
NO_ELEMENTS: tuple[Json, ...] = (None, [], {}, [None], "x")
NO_ENTRIES: tuple[Json, ...] = (None, {}, [], "x", {"a": None})


def parts(items: ir.Items) -> list[ir.Elems]:
    """The lists that a list expression is made of."""
    match items:
        case ir.Elems():
            return [items]
        case ir.Concat(joined):
            return [each for part in joined for each in parts(part)]
        case _:
            assert_never(items)


def element(shop: Workshop, items: ir.Items, made: Draft) -> tuple[Draft, Place | None]:
    """An element of the list, there already or added to it; no place if the list cannot have any."""
    listed = parts(items)
    made, place = _list_place(shop, shop.chance.pick(listed), made) if listed else (made, None)
    if place is None:
        return made, None
    found = made.at(place)
    there = [index for index, each in enumerate(found) if each is not None] if is_list(found) else []
    if there and (place[0] == HELD or shop.chance.odds(0.7) or len(there) > MOST_ELEMENTS):
        return made, (*place, shop.chance.pick(there))
    return append(shop, made, place)


def append(shop: Workshop, made: Draft, place: Place) -> tuple[Draft, Place | None]:
    """The list at the place with an element more, like another or empty; where that is, unless none may write there."""
    found = made.at(place)
    listed = list(found) if is_list(found) else []
    like = shop.chance.pick(elems(listed) or [{}]) if shop.chance.odds(0.7) else {}
    index = shop.chance.below(len(listed) + 1)
    for fresh in (like, *FRESH):
        edited = shop.write(made, place, [*listed[:index], fresh, *listed[index:]])
        if edited is not made:
            return edited, (*place, index)
    return made, None


def elements(shop: Workshop, items: ir.Items, made: Draft) -> tuple[Draft, list[Place]]:
    """Where every element of the list stands."""
    found: list[Place] = []
    for part in parts(items):
        made, place = _list_place(shop, part, made)
        listed = None if place is None else made.at(place)
        if place is not None and is_list(listed):
            found += [(*place, index) for index, each in enumerate(listed) if each is not None]
    return made, found


def empty(shop: Workshop, items: ir.Items, made: Draft) -> Draft:
    """The draft with nothing in the list, one way or another."""
    for part in parts(items):
        made = shop.write(made, shop.place(part.value, made), shop.chance.pick(NO_ELEMENTS))
    return made


def no_entries(shop: Workshop, value: ir.Value, made: Draft) -> Draft:
    """The draft with nothing in the map, one way or another."""
    return shop.write(made, shop.place(value, made), shop.chance.pick(NO_ENTRIES))


def _list_place(shop: Workshop, part: ir.Elems, made: Draft) -> tuple[Draft, Place | None]:
    """Where the list of these elements is; a constant list is held."""
    if isinstance(part.value, ir.Const):
        constant = part.value.value
        return made.hold(list(constant) if isinstance(constant, tuple) else constant)
    return made, shop.place(part.value, made)


def entry(shop: Workshop, whole: Entries, key: str, made: Draft) -> Draft | None:
    """The draft with an entry of this key in the map, and the variables bound to it; None if that cannot be."""
    place = shop.place(whole.value, made)
    if place is None:
        return None
    spot = (*place, key)
    for fresh in (shop.chance.pick(FRESH), *FRESH):
        if made.at(spot) is None:
            made = shop.write(made, spot, fresh)
    if made.at(spot) is None:
        return None
    made, held = made.hold(key)
    return made.bind(whole.key, held).bind(whole.var, spot)


def keys(shop: Workshop, whole: Entries, made: Draft) -> list[str]:
    """Keys to try for an entry, in any order: those there, some that the condition asks for, and an odd one."""
    place = shop.place(whole.value, made)
    found = None if place is None else made.at(place)
    there = [key for key in found if found[key] is not None] if isinstance(found, Mapping) else []
    asked = shop.asked_keys(whole)
    some = [shop.chance.pick(asked) for _ in range(min(MOST_ASKED, len(asked)))]
    bound = [made.at(made.bound[var]) for var in shop.compared_with_key(whole) if var in made.bound]
    others = [key for key in bound if isinstance(key, str)]
    mixed = shop.chance.shuffled([*there, *there, *some, *others, *others, shop.chance.pick(KEYS), "x"])
    return list(dict.fromkeys(mixed))
