"""What every edit for one rule and one kind of object shares: chance, compiled conditions, and the right to write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate.closures import OLD, Frame, OfCondition, OfValue, Slots, condition_closure, value_closure
from cmpolicy.generate.chance import Chance
from cmpolicy.generate.draft import HELD, OTHERS, Draft, place_of
from cmpolicy.generate.edit import Place, drop, put
from cmpolicy.generate.fitting import Fitting, fitting
from cmpolicy.generate.others import is_alone, kind_among
from cmpolicy.generate.probe import Probe, Test, probe
from cmpolicy.passes.tree import children, known_kinds, walk, walk_rule
from cmpolicy.values import Json, JsonMap

EFFORT = 300
"""Edits of conditions that may go into one case. Nested quantifiers could otherwise take for ever."""

Entries: TypeAlias = ir.AnyEntry | ir.AllEntry

NAME: Place = ("metadata", "name")
IDENTITY: frozenset[Place] = frozenset({("apiVersion",), ("kind",), ("metadata",), NAME})
"""What every object has: no engine loads one without it."""
NAMESPACE: Place = ("metadata", "namespace")
TEXTS: frozenset[Place] = frozenset({("apiVersion",), ("kind",), NAME})
"""Where an identity has a text: a write below would make it a map."""


class Workshop:
    """The tools for one rule, lowered for one kind. With a `fitting`, only what fits is written."""

    def __init__(self, rule: ir.Rule, chance: Chance, fits: Fitting | None = None) -> None:
        self.rule = rule
        self.chance = chance
        self.fitting = fits
        self.known_kinds = known_kinds(rule)
        self.slots: Slots = {}
        self.effort = EFFORT
        on_update = ir.Operation.UPDATE in rule.operations
        self.reads_old = on_update and any(isinstance(node, ir.Old) for node in walk_rule(rule))
        self._inventory: tuple[Sequence[Json], JsonMap] | None = None
        self._closures: dict[int, OfCondition] = {}
        self._values: dict[ir.Value, OfValue] = {}
        self._probes: dict[int, Probe] = {}
        self._keys: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for condition in (rule.when, rule.condition):
            self._closure(condition)  # gives its variables their slots
        for part in rule.message:
            if not isinstance(part, str):
                value_closure(part, self.slots)

    def _closure(self, condition: ir.Condition) -> OfCondition:
        found = self._closures.get(id(condition))
        if found is None:
            found = self._closures[id(condition)] = condition_closure(condition, self.slots)
        return found

    def tires(self) -> bool:
        """Count one more edit; whether that was one too many for this case."""
        self.effort -= 1
        return self.effort < 0

    def rest(self) -> None:
        """Begin another case."""
        self.effort = EFFORT

    def holds(self, condition: ir.Condition, made: Draft) -> bool:
        """Whether the condition, a part of the rule, is true in the draft with the variables in scope."""
        return self._closure(condition)(self._frame(made))

    def _frame(self, made: Draft) -> Frame:
        """The draft's frame. Of edits one after the other few change the known objects, whose inventory takes long."""
        others = made.others
        if self._inventory is None or self._inventory[0] is not others:
            self._inventory = others, made.inventory
        return made.frame(self.slots, self._inventory[1])

    def value(self, value: ir.Value, made: Draft) -> Json:
        """What a value that reads no variable is in the draft."""
        found = self._values.get(value)
        if found is None:
            found = self._values[value] = value_closure(value, self.slots)
        return found(self._frame(made))

    def probe(self, test: Test) -> Probe:
        """The probe of a test of the rule, made once."""
        found = self._probes.get(id(test))
        if found is None:
            found = self._probes[id(test)] = probe(test, self.slots)
        return found

    def asked_keys(self, whole: Entries) -> tuple[str, ...]:
        """The keys close to those that the quantifier's condition asks its key to be."""
        return self._asked(whole)[0]

    def compared_with_key(self, whole: Entries) -> tuple[str, ...]:
        """The variables that the quantifier's condition compares its key with."""
        return self._asked(whole)[1]

    def _asked(self, whole: Entries) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = self._keys.get(id(whole))
        if found is None:
            key = ir.Var(whole.key)
            tests = [node for node in walk(whole.condition) if isinstance(node, Test) and key in children(node)]
            texts = [value for test in tests for value in self.probe(test).candidates if isinstance(value, str)]
            others = [other.name for test in tests for other in children(test) if isinstance(other, ir.Var)]
            found = self._keys[id(whole)] = tuple(texts), tuple(name for name in others if name != whole.key)
        return found

    def place(self, value: ir.Value, made: Draft) -> Place | None:
        """Where a read stands in the draft; None if it is computed."""
        return place_of(value, made, self.chance.odds(0.5))

    def write(self, made: Draft, place: Place | None, value: Json) -> Draft:
        """The draft with the value at the place, or as it is where none may write."""
        if place == (OLD,) and self.reads_old:
            return made.put(place, None if value is None else made.object)
        if place is None or not self._may_write(made, place, value) or not self._fits(made, place, value):
            return made
        if place[0] == OLD and made.old is None:
            made = made.put((OLD,), made.object)
        return made.put(place, value)

    def remove(self, made: Draft, place: Place | None) -> Draft:
        """The draft without what stands at the place, or as it is where that may not go."""
        if place is None or not self._may_write(made, place, None):
            return made
        return Draft(drop(made.cells, place), made.bound)

    def set(self, made: Draft, read: ir.Value, value: Json) -> Draft:
        """The draft with this value where the rule reads; null is mostly written by leaving the field out."""
        place = self.place(read, made)
        if value is None and (self.fitting is not None or self.chance.odds(0.7)):
            return self.remove(made, place)
        return self.write(made, place, value)

    def _may_write(self, made: Draft, place: Place, value: Json) -> bool:
        """Constants and keys are no part of an object, and its identity stays what it is; names are texts."""
        if place[0] == OTHERS:
            return self._may_write_known(made, place, value)
        inside = place[1:]
        if place[0] == HELD or not inside or (place[0] == OLD and not self.reads_old):
            return False
        if inside == NAME:
            return isinstance(value, str) and value != ""
        if inside == NAMESPACE:
            return value is None or isinstance(value, str)
        return inside not in IDENTITY and not _is_below(inside, TEXTS)

    def _may_write_known(self, made: Draft, place: Place, value: Json) -> bool:
        """A cluster holds a known object: it has a name, in a namespace if its kind is namespaced, and that is its own."""
        other, inside = made.at(place[:2]), place[2:]
        if not inside or not isinstance(other, Mapping):
            return False
        if inside not in (NAME, NAMESPACE):
            return inside not in IDENTITY and not _is_below(inside, TEXTS | {NAMESPACE})
        kind = kind_among(self.known_kinds, other)
        if not (isinstance(value, str) and value) or kind is None or (inside == NAMESPACE and not kind.namespaced):
            return False
        return all(is_alone(made, step, put(other, inside, value)) for step in place[1:2] if isinstance(step, int))

    def _fits(self, made: Draft, place: Place, value: Json) -> bool:
        if self.fitting is None:
            return True
        if place[0] != OTHERS:
            return self.fitting.fits(place[1:], value)
        kind = kind_among(self.known_kinds, made.at(place[:2]))
        return kind is not None and fitting(kind).fits(place[2:], value)


def _is_below(place: Place, above: Collection[Place]) -> bool:
    """Whether one of these is on the way to the place."""
    return any(place[:depth] in above for depth in range(len(place)))
