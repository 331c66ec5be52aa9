"""Objects made for a rule, by the thousand."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cmpolicy import ir
from cmpolicy.generate.case import Case
from cmpolicy.generate.edit import drop, places, put
from cmpolicy.generate.near import NUMBERS, OTHERS, TEXTS, near
from cmpolicy.generate.shrink import IDENTITY
from cmpolicy.passes.tree import walk_rule
from cmpolicy.values import Json, JsonMap


def objects(rule: ir.Rule, seed: int, amount: int) -> Iterator[Case]:
    """This many cases for the rule, the same ones for the same seed on every Python."""
    random = Random(f"{seed} {rule.id}")
    values = _values(rule)
    bases = [example.object for example in (*rule.about.good, *rule.about.bad)]
    for _ in range(amount):
        made = _mutant(bases[_below(random, len(bases))], values, random)
        roll = _below(random, 20)
        if roll == 0:
            yield Case(None, made, ir.Operation.DELETE, "delete")
        elif roll < 4:
            yield Case(made, _mutant(made, values, random), ir.Operation.UPDATE, "update")
        else:
            yield Case(made, label="mutant")


def _below(random: Random, limit: int) -> int:
    return int(random.random() * limit)


def _values(rule: ir.Rule) -> tuple[Json, ...]:
    nodes = list(walk_rule(rule))
    constants = [node.value for node in nodes if isinstance(node, ir.Const)]
    constants += [node.default for node in nodes if isinstance(node, ir.Param)]
    own = [value for constant in constants for value in near(constant)]
    return (*own, *own, *OTHERS, *NUMBERS, *TEXTS)


def _mutant(manifest: JsonMap, values: tuple[Json, ...], random: Random) -> JsonMap:
    made: Json = manifest
    for _ in range(1 + _below(random, 2)):
        free = [place for place in places(made) if place not in {*IDENTITY, ("metadata", "namespace")}]
        if free:
            place = free[_below(random, len(free))]
            value = values[_below(random, len(values))]
            made = drop(made, place) if _below(random, 6) == 0 else put(made, place, value)
    assert isinstance(made, dict)
    return made
