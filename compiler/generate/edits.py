"""Edits without an aim: values and shapes that nobody expects, where the rule reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmpolicy.evaluate.closures import OBJECT
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.chance import Stock
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.edit import Place
from cmpolicy.generate.near import KEYS, NUMBERS, OTHERS, TEXTS
from cmpolicy.generate.reads import Read, find
from cmpolicy.generate.workshop import Workshop
from cmpolicy.values import Json

HOSTILE: tuple[Json, ...] = (*TEXTS, *NUMBERS, *OTHERS)
SHAPES: tuple[Json, ...] = (None, None, [], {}, {}, "s", 5, 0, True, False, [None], "", {"a": None})
"""What may stand where a rule reads something inside; leaving it out, as often as null, comes on top."""
MISSING = len(SHAPES)


@dataclass(frozen=True, slots=True)
class Edits:
    """Makes edits of what these reads read, for one rule and one kind. The kinds of a rule share the stock."""

    shop: Workshop
    weighted: tuple[Read, ...]
    """The reads, each as often as it is worth trying."""
    stock: Stock

    def edit(self, made: Draft) -> tuple[Draft, str]:
        """The draft after one edit, and what was done."""
        chance = self.shop.chance
        read = chance.pick(self.weighted)
        inside, place = find(self.shop, read, made)
        if place is None:
            return made, "nothing"
        roll = chance.below(20)
        if roll < 9:
            edited, label = self._value(inside, place, read)
        elif roll < 14:
            edited, label = self._shape(inside, place)
        elif roll < 17:
            edited, label = self._list(inside, place)
        else:
            edited, label = self._map(inside, place)
        return edited.inside(made), label

    def _value(self, made: Draft, place: Place, read: Read) -> tuple[Draft, str]:
        if read.candidates and self.shop.chance.odds(0.7):
            value = self.stock.draw(f"near {read.name}", read.candidates)
        else:
            value = self.stock.draw(f"hostile {_key(place)}", HOSTILE)
        gone = value is None and self.shop.chance.odds(0.5)
        edited = self.shop.remove(made, place) if gone else self.shop.write(made, place, value)
        return edited, f"value at {_spell(place)}"

    def _shape(self, made: Draft, place: Place) -> tuple[Draft, str]:
        above = self._above(place)
        number = self.stock.draw(f"shape {_key(above)}", range(MISSING + 2))
        if number >= MISSING:
            return self.shop.remove(made, above), f"nothing at {_spell(above)}"
        return self.shop.write(made, above, SHAPES[number]), f"shape at {_spell(above)}"

    def _above(self, place: Place) -> Place:
        """A place on the way: the one right above more often than those further up, which are no matter of this rule."""
        depth = len(place) - (0 if self.shop.chance.odds(0.2) else 1)
        while depth > 2 and self.shop.chance.odds(0.5):
            depth -= 1
        return place[: max(2, depth)]

    def _list(self, made: Draft, place: Place) -> tuple[Draft, str]:
        """Change the innermost list on the way, or make one of what is there."""
        depths = (depth for depth in range(2, len(place) + 1) if is_list(made.at(place[:depth])))
        above = place[: max(depths, default=len(place))]
        found = made.at(above)
        listed = list(found) if is_list(found) else [found]
        spot = self.shop.chance.below(len(listed) + 1)
        way = self.stock.draw(f"list {_key(above)}", range(WAYS))
        value = _rearranged(way, listed, spot, SHAPES[self.shop.chance.below(MISSING)])
        return self.shop.write(made, above, value), f"list at {_spell(above)}"

    def _map(self, made: Draft, place: Place) -> tuple[Draft, str]:
        """Change the keys of a map on the way."""
        depths = [depth for depth in range(1, len(place) + 1) if isinstance(made.at(place[:depth]), Mapping)]
        above = place[: self.shop.chance.pick(depths)] if depths else place
        found = made.at(above)
        entries = dict(found) if isinstance(found, Mapping) else {}
        if self.shop.chance.odds(0.3):
            mixed = {key: entries[key] for key in self.shop.chance.shuffled(list(entries))}
            return self._whole(made, above, mixed), f"key order at {_spell(above)}"
        key = self.stock.draw(f"key {_key(above)}", KEYS)
        entry = self.shop.chance.pick((None, False, "x", self.shop.chance.pick(HOSTILE)))
        return self._whole(made, above, {**entries, key: entry}), f"key `{key}` at {_spell(above)}"

    def _whole(self, made: Draft, place: Place, value: Json) -> Draft:
        """Write a map that holds everything it held: also where identity is inside, if anything may be written."""
        anywhere = place[0] == OBJECT and self.shop.fitting is None
        return made.put(place, value) if anywhere else self.shop.write(made, place, value)


def edits(shop: Workshop, reads: tuple[Read, ...], stock: Stock) -> Edits:
    """The edits of what these reads read: what a condition tests comes more often than what only a message shows."""
    return Edits(shop, tuple(read for read in reads for _ in range(read.weight)), stock)


WAYS = 9
"""Ways to rearrange a list."""


def _rearranged(way: int, listed: list[Json], spot: int, odd: Json) -> Json:
    match way:
        case 0:
            return [*listed[:spot], None, *listed[spot:]]
        case 1:
            return [*listed[:spot], odd, *listed[spot:]]
        case 2:
            return [*listed[:spot], *listed[max(0, spot - 1) :]]
        case 3:
            return [*listed, *listed]
        case 4:
            return listed[::-1]
        case 5:
            return [listed]
        case 6:
            return listed[0] if listed else None
        case 7:
            return [None, *listed, None]
        case _:
            return listed[:spot]


def _key(place: Place) -> str:
    """The last key on the way: what is in a list goes by the list's name."""
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _spell(place: Place) -> str:
    return ".".join(map(str, place[1:]))
