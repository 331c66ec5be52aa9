"""Give the variables of a rule short names, each used once."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy import ir
from cmpolicy.passes.tree import OnCondition, OnValue, binders, map_condition, map_rule, walk, walk_rule


def unique_names(rule: ir.Rule) -> ir.Rule:
    """Rename variables in order of binding: `container#7`, `container#9`  ->  `container`, `container_2`."""
    return map_rule(rule, *_renaming(walk_rule(rule)))


def with_plain_names(condition: ir.Condition) -> ir.Condition:
    """The condition by itself with its variables renamed likewise: what they are called then tells nothing of how it was loaded."""
    return map_condition(condition, *_renaming(walk(condition)))


def _renaming(nodes: Iterable[ir.Node]) -> tuple[OnValue, OnCondition]:
    names: dict[str, str] = {}
    for node in nodes:
        for bound in binders(node):
            if bound not in names:
                names[bound] = _free(bound.partition("#")[0].strip("_") or "item", set(names.values()))

    def on_value(value: ir.Value) -> ir.Value:
        match value:
            case ir.Var(name):
                return ir.Var(names[name])
            case ir.Count(items, var, condition):
                return ir.Count(items, names[var], condition)
            case _:
                return value

    def on_condition(condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.Any(items, var, inner):
                return ir.Any(items, names[var], inner)
            case ir.All(items, var, inner):
                return ir.All(items, names[var], inner)
            case ir.AnyEntry(value, key, var, inner):
                return ir.AnyEntry(value, names[key], names[var], inner)
            case ir.AllEntry(value, key, var, inner):
                return ir.AllEntry(value, names[key], names[var], inner)
            case _:
                return condition

    return on_value, on_condition


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
