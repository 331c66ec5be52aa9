"""Every rule with one thing changed, as authors change rules by mistake or on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.fields import index
from cmpolicy.passes import normalize, set_parameters
from cmpolicy.passes.tree import map_rule, walk


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule, and how it was changed."""

    kind: str
    rule: ir.Rule


OPERATORS = frozenset(
    {
        *("flip operator", "swap any/all", "drop conjunct", "drop disjunct", "drop guard"),
        *("change constant", "change default", "drop default", "drop container array"),
        *("widen match", "narrow match"),
    }
)
"""What is done to a rule, one thing at a time."""


def mutants(rule: ir.Rule) -> Iterator[Mutant]:
    """Every mutant of the rule that is written differently."""
    found = (*_of_conditions(rule), *_of_values(rule), *_of_lists(rule), *_of_match(rule), *_of_parameters(rule))
    original = _written(normalize(rule))
    for mutant in found:
        made = normalize(mutant.rule)
        if _written(made) != original:
            yield Mutant(mutant.kind, made)


def _written(rule: ir.Rule) -> tuple[object, ...]:
    return rule.when, rule.condition, rule.parameters, rule.kinds, rule.operations


def _nth_condition(rule: ir.Rule, number: int, change: Callable[[ir.Condition], ir.Condition]) -> ir.Rule:
    """The rule with its condition of this number changed, counted as the tree is mapped."""
    seen = 0

    def on_condition(condition: ir.Condition) -> ir.Condition:
        nonlocal seen
        seen += 1
        return change(condition) if seen == number else condition

    return map_rule(rule, on_condition=on_condition)


def _nth_value(rule: ir.Rule, number: int, change: Callable[[ir.Value], ir.Value]) -> ir.Rule:
    seen = 0

    def on_value(value: ir.Value) -> ir.Value:
        nonlocal seen
        seen += 1
        return change(value) if seen == number else value

    return map_rule(rule, on_value)


def _condition_sites(rule: ir.Rule, change: Callable[[ir.Condition], ir.Condition]) -> list[int]:
    """The numbers of the conditions that the change changes."""
    found: list[bool] = []

    def on_condition(condition: ir.Condition) -> ir.Condition:
        found.append(change(condition) != condition)
        return condition

    map_rule(rule, on_condition=on_condition)
    return [number for number, changes in enumerate(found, 1) if changes]


def _value_sites(rule: ir.Rule, change: Callable[[ir.Value], ir.Value]) -> list[int]:
    found: list[bool] = []

    def on_value(value: ir.Value) -> ir.Value:
        found.append(change(value) != value)
        return value

    map_rule(rule, on_value)
    return [number for number, changes in enumerate(found, 1) if changes]


def _of_conditions(rule: ir.Rule) -> Iterator[Mutant]:
    changes = (
        ("flip operator", _flipped),
        ("flip operator", _negated),
        ("swap any/all", _swapped),
        ("drop conjunct", _without(ir.And, slice(1, None))),
        ("drop conjunct", _without(ir.And, slice(-1))),
        ("drop disjunct", _without(ir.Or, slice(1, None))),
        ("drop disjunct", _without(ir.Or, slice(-1))),
        ("drop guard", _without_guard),
    )
    for kind, change in changes:
        yield from (Mutant(kind, _nth_condition(rule, number, change)) for number in _condition_sites(rule, change))


def _without(join: type[ir.And] | type[ir.Or], kept: slice) -> Callable[[ir.Condition], ir.Condition]:
    def change(condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.And(items) | ir.Or(items) if isinstance(condition, join):
                return replace(condition, items=items[kept])
            case _:
                return condition

    return change


def _without_guard(condition: ir.Condition) -> ir.Condition:
    """Without what only asks whether a value is there or of a type."""
    match condition:
        case ir.And(items) | ir.Or(items):
            return replace(condition, items=tuple(item for item in items if not _is_guard(item)))
        case _:
            return condition


def _is_guard(condition: ir.Condition) -> bool:
    match condition:
        case ir.Exists() | ir.IsType() | ir.Not(ir.Exists() | ir.IsType()):
            return True
        case _:
            return False


_NEXT = {
    ir.Order.LESS: ir.Order.AT_MOST,
    ir.Order.AT_MOST: ir.Order.LESS,
    ir.Order.GREATER: ir.Order.AT_LEAST,
    ir.Order.AT_LEAST: ir.Order.GREATER,
}


def _flipped(condition: ir.Condition) -> ir.Condition:
    match condition:
        case ir.Compare(order) | ir.CompareQuantity(order):
            return replace(condition, order=_NEXT[order])
        case ir.Text(ir.TextTest.STARTS_WITH):
            return replace(condition, test=ir.TextTest.ENDS_WITH)
        case ir.Text():
            return replace(condition, test=ir.TextTest.STARTS_WITH)
        case _:
            return condition


def _negated(condition: ir.Condition) -> ir.Condition:
    match condition:
        case ir.Eq() | ir.In() | ir.Exists() | ir.Compare() | ir.CompareQuantity() | ir.Text() | ir.Matches():
            return ir.Not(condition)
        case _:
            return condition


def _swapped(condition: ir.Condition) -> ir.Condition:
    match condition:
        case ir.And(items):
            return ir.Or(items)
        case ir.Or(items):
            return ir.And(items)
        case ir.Any(items, var, inner):
            return ir.All(items, var, inner)
        case ir.All(items, var, inner):
            return ir.Any(items, var, inner)
        case ir.AnyEntry(value, key, var, inner):
            return ir.AllEntry(value, key, var, inner)
        case ir.AllEntry(value, key, var, inner):
            return ir.AnyEntry(value, key, var, inner)
        case _:
            return condition


def _of_values(rule: ir.Rule) -> Iterator[Mutant]:
    changes = (("change constant", _other_constant), ("change default", _other_default), ("drop default", _no_default))
    for kind, change in changes:
        yield from (Mutant(kind, _nth_value(rule, number, change)) for number in _value_sites(rule, change))


def _other_constant(value: ir.Value) -> ir.Value:
    return ir.Const(_other(value.value)) if isinstance(value, ir.Const) else value


def _other(constant: ir.Constant) -> ir.Constant:
    match constant:
        case bool():
            return not constant
        case int() | float():
            return constant + 1
        case str():
            return f"{constant}x"
        case _:
            return constant[1:]


def _other_default(value: ir.Value) -> ir.Value:
    match value:
        case ir.Default(inner, ir.Const(constant)):
            return ir.Default(inner, ir.Const(_other(constant)))
        case _:
            return value


def _no_default(value: ir.Value) -> ir.Value:
    return value.value if isinstance(value, ir.Default) else value


def _of_lists(rule: ir.Rule) -> Iterator[Mutant]:
    """Without one of the lists that are joined, such as the init containers."""
    joined = {
        part
        for half in (rule.when, rule.condition)
        for node in walk(half)
        if isinstance(node, ir.Concat)
        for part in node.parts
    }
    for dropped in sorted(joined, key=repr):

        def on_condition(condition: ir.Condition, dropped: ir.Items = dropped) -> ir.Condition:
            match condition:
                case ir.Any(ir.Concat(parts)) | ir.All(ir.Concat(parts)):
                    return replace(condition, items=ir.Concat(tuple(part for part in parts if part != dropped)))
                case _:
                    return condition

        yield Mutant("drop container array", map_rule(rule, on_condition=on_condition))


def _of_match(rule: ir.Rule) -> Iterator[Mutant]:
    yield Mutant("widen match", replace(rule, when=ir.TRUE))
    parts = rule.when.items if isinstance(rule.when, ir.And) else ()
    for part in parts:
        kept = tuple(each for each in parts if each != part)
        yield Mutant("widen match", replace(rule, when=ir.And(kept)))
    other = index.kind("CronJob")[0]
    if other not in rule.kinds:
        yield Mutant("widen match", replace(rule, kinds=(*rule.kinds, other)))
    yield Mutant("narrow match", replace(rule, when=ir.And((rule.when, _NAMED))))
    for kind in rule.kinds if len(rule.kinds) > 1 else ():
        yield Mutant("narrow match", replace(rule, kinds=tuple(each for each in rule.kinds if each != kind)))
    for operation in rule.operations if len(rule.operations) > 1 else ():
        kept_operations = tuple(each for each in rule.operations if each is not operation)
        yield Mutant("narrow match", replace(rule, operations=kept_operations))


_NAMED = ir.Not(ir.Eq(ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace"), ir.Const("kube-system")))


def _of_parameters(rule: ir.Rule) -> Iterator[Mutant]:
    for parameter in rule.parameters:
        yield Mutant("change default", set_parameters(rule, {parameter.name: _other(parameter.default)}))
