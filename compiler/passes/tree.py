"""Generic tools over the IR: children, walking, and rebuilding bottom-up. Each handles every node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.once import once

OnValue: TypeAlias = Callable[[ir.Value], ir.Value]
OnCondition: TypeAlias = Callable[[ir.Condition], ir.Condition]


_Children: TypeAlias = Callable[[ir.Node], tuple[ir.Node, ...]]


def _no_child(node: ir.Node) -> tuple[ir.Node, ...]:
    return ()


def _one(field: str) -> _Children:
    get: Callable[[ir.Node], ir.Node] = attrgetter(field)
    return lambda node: (get(node),)


def _of_get(node: ir.Node) -> tuple[ir.Node, ...]:
    assert isinstance(node, ir.Get), node
    return (node.base, node.key) if isinstance(node.key, ir.Param) else (node.base,)


def _of_known(node: ir.Node) -> tuple[ir.Node, ...]:
    assert isinstance(node, ir.Known), node
    return () if node.namespace is None else (node.namespace,)


# Rules are walked so often that to try one class after the other would take most of the time.
_CHILDREN: Mapping[type[ir.Node], _Children] = {
    **dict.fromkeys((ir.Var, ir.Const, ir.Obj, ir.Old, ir.PodSpec, ir.PodMeta, ir.Param, ir.Bool), _no_child),
    ir.Get: _of_get,
    ir.Known: _of_known,
    ir.Default: attrgetter("value", "fallback"),
    ir.Scaled: attrgetter("value", "total"),
    **dict.fromkeys((ir.Percent, ir.UrlPort, ir.Seconds, ir.Len), _one("value")),
    ir.Flag: _one("items"),
    ir.Elems: _one("value"),
    ir.Concat: attrgetter("parts"),
    **dict.fromkeys((ir.And, ir.Or), attrgetter("items")),
    ir.Not: _one("item"),
    **dict.fromkeys((ir.Exists, ir.IsType, ir.Matches), _one("value")),
    **dict.fromkeys((ir.Eq, ir.Compare, ir.CompareQuantity), attrgetter("left", "right")),
    ir.In: attrgetter("value", "options"),
    ir.Text: attrgetter("value", "text"),
    **dict.fromkeys((ir.Any, ir.All, ir.Count), attrgetter("items", "condition")),
    **dict.fromkeys((ir.AnyEntry, ir.AllEntry), attrgetter("value", "condition")),
}


def children(node: ir.Node) -> tuple[ir.Node, ...]:
    """The direct children of a node, in the order of its fields."""
    return _CHILDREN[type(node)](node)


_var: Callable[[ir.Node], str] = attrgetter("var")
_BINDERS: Mapping[type[ir.Node], Callable[[ir.Node], tuple[str, ...]]] = {
    **dict.fromkeys((ir.Any, ir.All, ir.Count), lambda node: (_var(node),)),
    **dict.fromkeys((ir.AnyEntry, ir.AllEntry), attrgetter("key", "var")),
}


def binders(node: ir.Node) -> tuple[str, ...]:
    """The variables that this node itself binds."""
    bound = _BINDERS.get(type(node))
    return bound(node) if bound else ()


def free_variables(rule: ir.Rule) -> frozenset[str]:
    """The variables that the rule reads where no quantifier around them binds them."""
    parts: list[ir.Node] = [rule.when, rule.condition, *(part for part in rule.message if not isinstance(part, str))]
    pending: list[tuple[ir.Node, frozenset[str]]] = [(part, frozenset()) for part in parts]
    free: set[str] = set()
    while pending:
        node, bound = pending.pop()
        if isinstance(node, ir.Var):
            free.update({node.name} - bound)
        elif names := binders(node):
            over, inside = children(node)
            pending += (over, bound), (inside, bound.union(names))
        else:
            pending += [(child, bound) for child in children(node)]
    return frozenset(free)


def walk(node: ir.Node) -> Iterator[ir.Node]:
    """The node and everything below it, parents first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)[::-1]


def walk_rule(rule: ir.Rule) -> Iterator[ir.Node]:
    """Every node of the rule: of `when`, `condition` and the message."""
    yield from walk(rule.when)
    yield from walk(rule.condition)
    for part in rule.message:
        if not isinstance(part, str):
            yield from walk(part)


def has_any(rule: ir.Rule, *classes: type[ir.Node]) -> bool:
    """Whether some node of the rule is of one of these classes."""
    return any(type(node) in classes for node in walk_rule(rule))


@once  # asked for each example, by each target
def known_kinds(rule: ir.Rule) -> tuple[ir.Kind, ...]:
    """The kinds of other objects that the rule looks up, each once, in order of appearance."""
    return tuple(dict.fromkeys(node.kind for node in walk_rule(rule) if isinstance(node, ir.Known)))


def map_value(value: ir.Value, on_value: OnValue, on_condition: OnCondition) -> ir.Value:
    """The value with its children mapped first, then itself through `on_value`."""
    return _Mapping(on_value, on_condition).value(value)


def map_items(items: ir.Items, on_value: OnValue, on_condition: OnCondition) -> ir.Items:
    """The list expression with every value and condition in it mapped bottom-up."""
    return _Mapping(on_value, on_condition).items(items)


def map_condition(condition: ir.Condition, on_value: OnValue, on_condition: OnCondition) -> ir.Condition:
    """The condition with its children mapped first, then itself through `on_condition`."""
    return _Mapping(on_value, on_condition).condition(condition)


@dataclass(frozen=True, slots=True)
class _Mapping:
    """Maps nodes bottom-up."""

    on_value: OnValue
    on_condition: OnCondition

    def value(self, value: ir.Value) -> ir.Value:
        match value:
            case ir.Get(base, key):
                return self.on_value(ir.Get(self.value(base), _key(key, self.on_value)))
            case ir.Var() | ir.Const() | ir.Obj() | ir.PodSpec() | ir.PodMeta() | ir.Param() | ir.Old():
                return self.on_value(value)
            case ir.Default(inner, fallback):
                return self.on_value(ir.Default(self.value(inner), self.value(fallback)))
            case ir.Percent(inner):
                return self.on_value(ir.Percent(self.value(inner)))
            case ir.Known(kind, namespace):
                return self.on_value(ir.Known(kind, None if namespace is None else self.value(namespace)))
            case ir.Scaled(inner, total, up):
                return self.on_value(ir.Scaled(self.value(inner), self.value(total), up))
            case ir.UrlPort(inner):
                return self.on_value(ir.UrlPort(self.value(inner)))
            case ir.Seconds(inner):
                return self.on_value(ir.Seconds(self.value(inner)))
            case ir.Len(inner):
                return self.on_value(ir.Len(self.value(inner)))
            case ir.Count(items, var, condition):
                mapped = self.condition(condition)
                return self.on_value(ir.Count(self.items(items), var, mapped))
            case ir.Flag(items, name, switch):
                return self.on_value(ir.Flag(self.items(items), name, switch))
            case _:
                assert_never(value)

    def items(self, items: ir.Items) -> ir.Items:
        match items:
            case ir.Elems(value):
                return ir.Elems(self.value(value))
            case ir.Concat(parts):
                return ir.Concat(tuple(map(self.items, parts)))
            case _:
                assert_never(items)

    def condition(self, condition: ir.Condition) -> ir.Condition:
        return self.on_condition(self._below(condition))

    def _below(self, condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.Bool():
                return condition
            case ir.And(conditions):
                return ir.And(tuple(map(self.condition, conditions)))
            case ir.Or(conditions):
                return ir.Or(tuple(map(self.condition, conditions)))
            case ir.Not(inner):
                return ir.Not(self.condition(inner))
            case ir.Exists(value):
                return ir.Exists(self.value(value))
            case ir.IsType(value, type_):
                return ir.IsType(self.value(value), type_)
            case ir.Eq(left, right):
                return ir.Eq(self.value(left), self.value(right))
            case ir.In(value, options):
                return ir.In(self.value(value), _constant(options, self.on_value))
            case ir.Compare(order, left, right):
                return ir.Compare(order, self.value(left), self.value(right))
            case ir.CompareQuantity(order, left, right):
                return ir.CompareQuantity(order, self.value(left), self.value(right))
            case ir.Text(test, value, text):
                return ir.Text(test, self.value(value), _constant(text, self.on_value))
            case ir.Matches(value, pattern):
                return ir.Matches(self.value(value), pattern)
            case ir.Any(items, var, inner):
                return ir.Any(self.items(items), var, self.condition(inner))
            case ir.All(items, var, inner):
                return ir.All(self.items(items), var, self.condition(inner))
            case ir.AnyEntry(value, key, var, inner):
                return ir.AnyEntry(self.value(value), key, var, self.condition(inner))
            case ir.AllEntry(value, key, var, inner):
                return ir.AllEntry(self.value(value), key, var, self.condition(inner))
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
    mapping = _Mapping(on_value, on_condition)
    return replace(
        rule,
        when=mapping.condition(rule.when),
        condition=mapping.condition(rule.condition),
        message=tuple(part if isinstance(part, str) else mapping.value(part) for part in rule.message),
    )
