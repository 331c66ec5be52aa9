"""Give the variables of a rule short names: each used once, or the same wherever conditions mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cmpolicy import ir
from cmpolicy.passes.tree import (
    OnCondition,
    OnValue,
    binders,
    children,
    is_field,
    map_condition,
    map_rule,
    walk,
    walk_rule,
)

_NUMBER = re.compile(r"(_\d+)+$")


def unique_names(rule: ir.Rule) -> ir.Rule:
    """Rename variables in order of binding: `container#7`, `container#9`  ->  `container`, `container_2`."""
    return map_rule(rule, *_renaming(_short(walk_rule(rule))))


def common_names(rule: ir.Rule) -> ir.Rule:
    """Rename variables by what is bound inside their scope, so that conditions which differ in names alone become equal.

    `any(x, p(x)) | any(x_2, p(x_2))  ->  any(x, p(x)) | any(x, p(x))`. No scope binds a name a second time.
    """
    return map_rule(rule, *_renaming(_leveled(_scopes(rule))))


def with_plain_names(condition: ir.Condition) -> ir.Condition:
    """The condition by itself with its variables renamed likewise: what they are called then tells nothing of how it was loaded."""
    return map_condition(condition, *_renaming(_short(walk(condition))))


def _short(nodes: Iterable[ir.Node]) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in nodes:
        for bound in binders(node):
            if bound not in names:
                names[bound] = _free(bound.partition("#")[0].strip("_") or "item", set(names.values()))
    return names


def _scopes(rule: ir.Rule) -> dict[str, set[str]]:
    """The variables that are bound inside the scope of each; of an entry, the value inside that of the key."""
    inside: dict[str, set[str]] = {}

    def bound_in(node: ir.Node) -> set[str]:
        if is_field(node):
            return set()
        bound, below = binders(node), [bound_in(child) for child in children(node)]
        for place, name in enumerate(bound):
            inside.setdefault(name, set()).update(below[-1], bound[place + 1 :])
        return set(bound).union(*below)

    for part in (rule.condition, rule.when, *rule.message):
        if not isinstance(part, str):
            bound_in(part)
    return inside


def _leveled(scopes: Mapping[str, set[str]]) -> dict[str, str]:
    """Names with a number for how many of the same stem are bound inside one another from here on."""
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            below = (level(other) for other in scopes[name] if _stem(other) == _stem(name))
            levels[name] = 1 + max(below, default=0)
        return levels[name]

    return {name: _stem(name) if level(name) == 1 else f"{_stem(name)}_{level(name)}" for name in scopes}


def _stem(name: str) -> str:
    return _NUMBER.sub("", name)


def _renaming(names: Mapping[str, str]) -> tuple[OnValue, OnCondition]:
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
