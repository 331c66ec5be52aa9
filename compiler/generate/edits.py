"""Edits without an aim: values and shapes that nobody expects, where the rule reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cmpolicy.evaluate.closures import OBJECT
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.chance import Chance
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.edit import Place
from cmpolicy.generate.near import KEYS, NUMBERS, OTHERS, TEXTS
from cmpolicy.generate.reads import Read, find
from cmpolicy.generate.workshop import Workshop
from cmpolicy.values import Json

SHAPES: tuple[Json, ...] = (None, [], {}, "s", 5, 0, True, False, [None], "", {"a": None})
"""What may stand where a rule reads something inside; leaving it out comes on top."""


@dataclass(slots=True)
class Edits:
    """Makes edits for one rule and one kind; whatever there is to put gets its turn before anything comes again."""

    shop: Workshop
    reads: tuple[Read, ...]
    hostile: Iterator[Json]
    shapes: Iterator[Json]
    keys: Iterator[str]
    candidates: dict[int, Iterator[Json]]

    def edit(self, made: Draft) -> tuple[Draft, str]:
        """The draft after one edit, and what was done."""
        chance = self.shop.chance
        number = chance.below(len(self.reads))
        inside, place = find(self.shop, self.reads[number], made)
        if place is None:
            return made, "nothing"
        roll = chance.below(20)
        if roll < 9:
            edited, label = self._value(inside, place, number)
        elif roll < 13:
            edited, label = self._shape(inside, place)
        elif roll < 17:
            edited, label = self._list(inside, place)
        else:
            edited, label = self._map(inside, place)
        return edited.inside(made), label

    def _value(self, made: Draft, place: Place, number: int) -> tuple[Draft, str]:
        own = self.reads[number].candidates and self.shop.chance.odds(0.6)
        value = next(self.candidates[number] if own else self.hostile)
        return self._put(made, place, value), f"value at {_spell(place)}"

    def _shape(self, made: Draft, place: Place) -> tuple[Draft, str]:
        above = place[: 2 + self.shop.chance.below(max(1, len(place) - 1))]
        if self.shop.chance.odds(0.15):
            return self.shop.remove(made, above), f"nothing at {_spell(above)}"
        return self.shop.write(made, above, next(self.shapes)), f"shape at {_spell(above)}"

    def _list(self, made: Draft, place: Place) -> tuple[Draft, str]:
        """Change the innermost list on the way, or make one of what is there."""
        depth = max((depth for depth in range(2, len(place)) if is_list(made.at(place[:depth]))), default=len(place))
        found = made.at(place[:depth])
        listed = list(found) if is_list(found) else [found]
        value = _rearranged(listed, next(self.shapes), self.shop.chance)
        return self.shop.write(made, place[:depth], value), f"list at {_spell(place[:depth])}"

    def _map(self, made: Draft, place: Place) -> tuple[Draft, str]:
        """Change the keys of a map on the way."""
        depths = [depth for depth in range(1, len(place) + 1) if isinstance(made.at(place[:depth]), Mapping)]
        above = place[: self.shop.chance.pick(depths)] if depths else place
        found = made.at(above)
        entries = dict(found) if isinstance(found, Mapping) else {}
        if self.shop.chance.odds(0.3):
            value: Json = {key: entries[key] for key in self.shop.chance.shuffled(list(entries))}
            return self._whole(made, above, value), f"key order at {_spell(above)}"
        key = next(self.keys)
        value = {**entries, key: self.shop.chance.pick((None, False, "x", next(self.hostile)))}
        return self._whole(made, above, value), f"key `{key}` at {_spell(above)}"

    def _whole(self, made: Draft, place: Place, value: Json) -> Draft:
        """Write a map that holds everything it held: also where identity is inside."""
        return made.put(place, value) if place[0] == OBJECT else self.shop.write(made, place, value)

    def _put(self, made: Draft, place: Place, value: Json) -> Draft:
        gone = value is None and self.shop.chance.odds(0.5)
        return self.shop.remove(made, place) if gone else self.shop.write(made, place, value)


def edits(shop: Workshop, found: tuple[Read, ...]) -> Edits:
    """The edits of what these reads read."""
    chance = shop.chance
    hostile: tuple[Json, ...] = (*TEXTS, *NUMBERS, *OTHERS)
    own = {number: chance.rounds(read.candidates) for number, read in enumerate(found)}
    return Edits(shop, found, chance.rounds(hostile), chance.rounds(SHAPES), chance.rounds(KEYS), own)


def _rearranged(listed: list[Json], odd: Json, chance: Chance) -> Json:
    spot = chance.below(len(listed) + 1)
    match chance.below(9):
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


def _spell(place: Place) -> str:
    return ".".join(map(str, place[1:]))
