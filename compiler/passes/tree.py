"""Generic tools over the IR: children, walking, and rebuilding bottom-up. Each handles every node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never

from cmpolicy import ir

OnValue: TypeAlias = Callable[[ir.Value], ir.Value]
OnCondition: TypeAlias = Callable[[ir.Condition], ir.Condition]


def children(node: ir.Node) -> tuple[ir.Node, ...]:
    """The direct children of a node, in the order of its fields."""
    match node:
        case ir.Const() | ir.Param() | ir.Obj() | ir.Old() | ir.Var() | ir.PodSpec() | ir.PodMeta() | ir.Bool():
            return ()
        case ir.Known(_, namespace):
            return () if namespace is None else (namespace,)
        case ir.Get(base, key):
            return (base, key) if isinstance(key, ir.Param) else (base,)
        case ir.Default(value, fallback):
            return (value, fallback)
        case ir.Scaled(value, total, _):
            return (value, total)
        case (
            ir.Percent(value)
            | ir.UrlPort(value)
            | ir.Len(value)
            | ir.Elems(value)
            | ir.Exists(value)
            | ir.IsType(value, _)
        ):
            return (value,)
        case ir.Count(items, _, condition) | ir.Any(items, _, condition) | ir.All(items, _, condition):
            return (items, condition)
        case ir.Flag(items, _, _):
            return (items,)
        case ir.Concat(parts):
            return parts
        case ir.And(conditions) | ir.Or(conditions):
            return conditions
        case ir.Not(condition):
            return (condition,)
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            return (left, right)
        case ir.In(value, options):
            return (value, options)
        case ir.Text(_, value, text):
            return (value, text)
        case ir.Matches(value, _):
            return (value,)
        case ir.AnyEntry(value, _, _, condition) | ir.AllEntry(value, _, _, condition):
            return (value, condition)
        case _:
            assert_never(node)


def binders(node: ir.Node) -> tuple[str, ...]:
    """The variables that this node itself binds."""
    match node:
        case ir.Any(_, var, _) | ir.All(_, var, _) | ir.Count(_, var, _):
            return (var,)
        case ir.AnyEntry(_, key, var, _) | ir.AllEntry(_, key, var, _):
            return (key, var)
        case _:
            return ()


def free_variables(rule: ir.Rule) -> frozenset[str]:
    """The variables that the rule reads where no quantifier around them binds them."""
    parts: list[ir.Node] = [rule.when, rule.condition, *(part for part in rule.message if not isinstance(part, str))]
    return frozenset(name for part in parts for name in _free(part, frozenset()))


def _free(node: ir.Node, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ir.Var) and node.name not in bound:
        yield node.name
    inside = bound.union(binders(node))
    for child in children(node):
        # What a quantifier runs over stands outside it.
        yield from _free(child, bound if isinstance(child, ir.Elems | ir.Concat) else inside)


def walk(node: ir.Node) -> Iterator[ir.Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def walk_rule(rule: ir.Rule) -> Iterator[ir.Node]:
    """Every node of the rule: of `when`, `condition` and the message."""
    yield from walk(rule.when)
    yield from walk(rule.condition)
    for part in rule.message:
        if not isinstance(part, str):
            yield from walk(part)


def known_kinds(rule: ir.Rule) -> tuple[ir.Kind, ...]:
    """The kinds of other objects that the rule looks up, each once, in order of appearance."""
    return tuple(dict.fromkeys(node.kind for node in walk_rule(rule) if isinstance(node, ir.Known)))


def map_value(value: ir.Value, on_value: OnValue, on_condition: OnCondition) -> ir.Value:
    """The value with its children mapped first, then itself through `on_value`."""

    def below(child: ir.Value) -> ir.Value:
        return map_value(child, on_value, on_condition)

    match value:
        case ir.Const() | ir.Param() | ir.Obj() | ir.Old() | ir.Var() | ir.PodSpec() | ir.PodMeta():
            return on_value(value)
        case ir.Known(kind, namespace):
            return on_value(ir.Known(kind, None if namespace is None else below(namespace)))
        case ir.Get(base, key):
            return on_value(ir.Get(below(base), _key(key, on_value)))
        case ir.Default(inner, fallback):
            return on_value(ir.Default(below(inner), below(fallback)))
        case ir.Percent(inner):
            return on_value(ir.Percent(below(inner)))
        case ir.Scaled(inner, total, up):
            return on_value(ir.Scaled(below(inner), below(total), up))
        case ir.UrlPort(inner):
            return on_value(ir.UrlPort(below(inner)))
        case ir.Len(inner):
            return on_value(ir.Len(below(inner)))
        case ir.Count(items, var, condition):
            mapped = map_condition(condition, on_value, on_condition)
            return on_value(ir.Count(map_items(items, on_value, on_condition), var, mapped))
        case ir.Flag(items, name, switch):
            return on_value(ir.Flag(map_items(items, on_value, on_condition), name, switch))
        case _:
            assert_never(value)


def map_items(items: ir.Items, on_value: OnValue, on_condition: OnCondition) -> ir.Items:
    """The list expression with every value and condition in it mapped bottom-up."""
    match items:
        case ir.Elems(value):
            return ir.Elems(map_value(value, on_value, on_condition))
        case ir.Concat(parts):
            return ir.Concat(tuple(map_items(part, on_value, on_condition) for part in parts))
        case _:
            assert_never(items)


def map_condition(condition: ir.Condition, on_value: OnValue, on_condition: OnCondition) -> ir.Condition:
    """The condition with its children mapped first, then itself through `on_condition`."""

    def value_of(child: ir.Value) -> ir.Value:
        return map_value(child, on_value, on_condition)

    def items_of(child: ir.Items) -> ir.Items:
        return map_items(child, on_value, on_condition)

    def below(child: ir.Condition) -> ir.Condition:
        return map_condition(child, on_value, on_condition)

    match condition:
        case ir.Bool():
            return on_condition(condition)
        case ir.And(conditions):
            return on_condition(ir.And(tuple(map(below, conditions))))
        case ir.Or(conditions):
            return on_condition(ir.Or(tuple(map(below, conditions))))
        case ir.Not(inner):
            return on_condition(ir.Not(below(inner)))
        case ir.Exists(value):
            return on_condition(ir.Exists(value_of(value)))
        case ir.IsType(value, type_):
            return on_condition(ir.IsType(value_of(value), type_))
        case ir.Eq(left, right):
            return on_condition(ir.Eq(value_of(left), value_of(right)))
        case ir.In(value, options):
            return on_condition(ir.In(value_of(value), _constant(options, on_value)))
        case ir.Compare(order, left, right):
            return on_condition(ir.Compare(order, value_of(left), value_of(right)))
        case ir.CompareQuantity(order, left, right):
            return on_condition(ir.CompareQuantity(order, value_of(left), value_of(right)))
        case ir.Text(test, value, text):
            return on_condition(ir.Text(test, value_of(value), _constant(text, on_value)))
        case ir.Matches(value, pattern):
            return on_condition(ir.Matches(value_of(value), pattern))
        case ir.Any(items, var, inner):
            return on_condition(ir.Any(items_of(items), var, below(inner)))
        case ir.All(items, var, inner):
            return on_condition(ir.All(items_of(items), var, below(inner)))
        case ir.AnyEntry(value, key, var, inner):
            return on_condition(ir.AnyEntry(value_of(value), key, var, below(inner)))
        case ir.AllEntry(value, key, var, inner):
            return on_condition(ir.AllEntry(value_of(value), key, var, below(inner)))
        case _:
            assert_never(condition)


def _constant(node: ir.Const | ir.Param, on_value: OnValue) -> ir.Const | ir.Param:
    mapped = on_value(node)
    assert isinstance(mapped, ir.Const | ir.Param), f"{node} may only become a constant or parameter"
    return mapped


def _key(key: str | ir.Param, on_value: OnValue) -> str | ir.Param:
    if isinstance(key, str):
        return key
    mapped = _constant(key, on_value)
    if isinstance(mapped, ir.Param):
        return mapped
    assert isinstance(mapped.value, str), f"{key} is a key, so it must be a string"
    return mapped.value


def same_value(value: ir.Value) -> ir.Value:
    """Leave a value as it is."""
    return value


def same_condition(condition: ir.Condition) -> ir.Condition:
    """Leave a condition as it is."""
    return condition


def map_rule(rule: ir.Rule, on_value: OnValue = same_value, on_condition: OnCondition = same_condition) -> ir.Rule:
    """The rule with `when`, `condition` and message values mapped bottom-up."""
    return replace(
        rule,
        when=map_condition(rule.when, on_value, on_condition),
        condition=map_condition(rule.condition, on_value, on_condition),
        message=tuple(
            part if isinstance(part, str) else map_value(part, on_value, on_condition) for part in rule.message
        ),
    )
