"""A case in the making, and where the values of a rule stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.closures import KNOWN, OBJECT, OLD, Frame, Slots
from cmpolicy.evaluate.known import NOTHING, inventory
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.edit import Place, at, put
from cmpolicy.values import Json, JsonMap

OTHERS = KNOWN
"""The cell of the known objects, as a list."""
HELD = 3
"""The cell of what is no part of the objects: constant lists, and keys of maps."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The object, the old object, the known objects and a list of held values, as one list; where each variable stands.

    A place starts with OBJECT, OLD, OTHERS or HELD.
    """

    cells: Json
    bound: Mapping[str, Place]

    def at(self, place: Place) -> Json:
        return at(self.cells, place)

    def put(self, place: Place, value: Json) -> Draft:
        return Draft(put(self.cells, place, value), self.bound)

    def bind(self, var: str, place: Place) -> Draft:
        return Draft(self.cells, {**self.bound, var: place})

    def hold(self, value: Json) -> tuple[Draft, Place]:
        """With this value held; where it is."""
        held = self.at((HELD,))
        place = (HELD, len(held) if isinstance(held, list) else 0)
        return self.put(place, value), place

    def inside(self, outer: Draft) -> Draft:
        """With the variables of the scope around it."""
        return Draft(self.cells, outer.bound)

    def frame(self, slots: Slots, known: JsonMap | None = None) -> Frame:
        """What closures read: those compiled with these slots. `known` is the inventory of the others, if it is made."""
        held = self.inventory if known is None else known
        made: Frame = [self.at((OBJECT,)), self.at((OLD,)), held, *([None] * len(slots))]
        for var, place in self.bound.items():
            made[slots[var]] = at(self.cells, place)
        return made

    @property
    def inventory(self) -> JsonMap:
        """The known objects, as closures read them."""
        return inventory(self.known) if self.others else NOTHING

    @property
    def others(self) -> Sequence[Json]:
        """The known objects."""
        found = self.at((OTHERS,))
        return found if is_list(found) else ()

    @property
    def known(self) -> tuple[JsonMap, ...]:
        """The known objects, as a case has them."""
        return tuple(other for other in self.others if isinstance(other, Mapping))

    @property
    def object(self) -> Json:
        return self.at((OBJECT,))

    @property
    def old(self) -> Json:
        return self.at((OLD,))


def draft(manifest: Json, old: Json = None, others: Sequence[Json] = ()) -> Draft:
    """A draft of these, with nothing in scope."""
    return Draft([manifest, old, [*others], []], {})


def writable(value: ir.Value) -> tuple[ir.Value, ...]:
    """The reads that decide the value and that can be written: paths from an object or a variable."""
    match value:
        case ir.Old() | ir.Var() | ir.Get():
            return (value,)
        case ir.Default(inner, fallback):
            return (*writable(inner), *writable(fallback))
        case ir.Scaled(inner, total, _):
            return (*writable(inner), *writable(total))
        case ir.Percent(inner) | ir.UrlPort(inner) | ir.Seconds(inner) | ir.Len(inner):
            return writable(inner)
        case ir.Known() | ir.Const() | ir.Param() | ir.Obj() | ir.PodSpec() | ir.PodMeta() | ir.Count() | ir.Flag():
            return ()
        case _:
            assert_never(value)


def place_of(value: ir.Value, made: Draft, coin: bool = True) -> Place | None:
    """Where a read stands in the draft; None if it is computed. Of two places for it, the coin decides if none is used."""
    match value:
        case ir.Obj():
            return (OBJECT,)
        case ir.Old():
            return (OLD,)
        case ir.Var(name):
            return made.bound[name]
        case ir.Get(base, key):
            above = place_of(base, made, coin)
            return None if above is None else (*above, key if isinstance(key, str) else str(key.default))
        case ir.Default(inner, fallback):
            first, second = place_of(inner, made, coin), place_of(fallback, made, coin)
            if first is None or second is None:
                return first or second
            return first if coin or made.at(first) is not None else second
        case ir.Const() | ir.Param() | ir.PodSpec() | ir.PodMeta() | ir.Known():
            return None
        case ir.Percent() | ir.Scaled() | ir.UrlPort() | ir.Seconds() | ir.Len() | ir.Count() | ir.Flag():
            return None
        case _:
            assert_never(value)
