"""Single edits of what a test reads."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.evaluate.values import elems, is_list, is_number
from cmpolicy.generate.chance import Chance
from cmpolicy.generate.draft import Draft
from cmpolicy.generate.lists import MOST_ELEMENTS, parts
from cmpolicy.generate.near import scaled
from cmpolicy.generate.probe import Probe
from cmpolicy.generate.workshop import Workshop
from cmpolicy.values import Json


def move(shop: Workshop, found: Probe, made: Draft) -> Draft:
    """The draft with another value, flag or length where the test reads one."""
    chosen = shop.chance.below(max(1, len(found.reads) + len(found.flags) + len(found.lengths)))
    if chosen < len(found.reads):
        return shop.set(made, found.reads[chosen], _value(shop, found, made))
    chosen -= len(found.reads)
    if chosen < len(found.flags):
        return give(shop, made, found.flags[chosen], _value(shop, found, made))
    chosen -= len(found.flags)
    return resize(shop, made, found.lengths[chosen], number(shop, found)) if found.lengths else made


def _value(shop: Workshop, found: Probe, made: Draft) -> Json:
    """A value close to a constant of the test, or to what it compares with in the draft."""
    if len(found.operands) > 1 and shop.chance.odds(0.6):
        present = shop.chance.pick(found.operands)(made.frame(shop.slots))
        if values := scaled(present):
            return present if shop.chance.odds(0.5) else shop.chance.pick(values)
    return shop.chance.pick(found.candidates)


def number(shop: Workshop, found: Probe) -> int:
    """How many elements: a number around those that the test asks for."""
    numbers = [int(value) for value in found.candidates if is_number(value) and 0 <= value <= MOST_ELEMENTS]
    return shop.chance.pick(numbers or [0, 1, 2])


def resize(shop: Workshop, made: Draft, read: ir.Value, length: int) -> Draft:
    """The draft with a list of this length there, its elements repeated as needed."""
    place = shop.place(read, made)
    present = elems(made.at(place)) if place is not None else []
    present = present or ["x"]
    return shop.write(made, place, [present[index % len(present)] for index in range(length)])


def give(shop: Workshop, made: Draft, flag: ir.Flag, value: Json) -> Draft:
    """The draft with the flag given in one of its forms, after or before other arguments, or not at all."""
    listed = parts(flag.items)
    place = shop.place(shop.chance.pick(listed).value, made) if listed else None
    found = made.at(place) if place is not None else None
    present = list(found) if is_list(found) else []
    if shop.chance.odds(0.15):
        return shop.write(made, place, [each for each in present if not _gives(each, flag)])
    given = forms(flag, value, shop.chance)
    return shop.write(made, place, [*given, *present] if shop.chance.odds(0.2) else [*present, *given])


def _gives(argument: Json, flag: ir.Flag) -> bool:
    return isinstance(argument, str) and argument.startswith(f"--{flag.name}")


def forms(flag: ir.Flag, value: Json, chance: Chance) -> list[Json]:
    """Arguments that give the flag this value, or nearly."""
    name, text = f"--{flag.name}", value if isinstance(value, str) else "true"
    listed: list[list[Json]] = [
        [f"{name}={text}"],
        [name, text],
        [name],
        [name, value],
        [f"{name}=other", f"{name}={text}"],
        [f"{name}={text}", f"{name}="],
        [name, "--x", f"{name}={text}"],
        [f"{name}=true"],
        [f"{name}=false"],
        [name, f"{name}=false"],
        [name[1:], text],
        [f"{name}x={text}"],
    ]
    return chance.pick(listed)
