"""Generic tools over the IR: children, walking, and rebuilding bottom-up. Each handles every node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, is_
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
    shown = [part for part in rule.message if not isinstance(part, str)]
    scopes: list[tuple[list[ir.Node], frozenset[str]]] = [([rule.when, rule.condition, *shown], frozenset())]
    free: set[str] = set()
    while scopes:
        pending, bound = scopes.pop()
        while pending:
            node = pending.pop()
            if isinstance(node, ir.Var):
                if node.name not in bound:
                    free.add(node.name)
            elif type(node) in _BINDERS:
                over, inside = children(node)
                pending.append(over)
                scopes.append(([inside], bound.union(binders(node))))
            else:
                pending += _CHILDREN[type(node)](node)
    return frozenset(free)


def walk(*nodes: ir.Node) -> Sequence[ir.Node]:
    """The nodes and everything below them, one after the other, parents first."""
    found: list[ir.Node] = []
    pending = [*reversed(nodes)]
    while pending:
        node = pending.pop()
        found.append(node)
        if below := _CHILDREN[type(node)](node):
            pending += below[::-1]
    return found


@once  # every pass and every target looks for something
def walk_rule(rule: ir.Rule) -> Sequence[ir.Node]:
    """Every node of the rule: of `when`, `condition` and the message."""
    return walk(rule.when, rule.condition, *(part for part in rule.message if not isinstance(part, str)))


def has_any(rule: ir.Rule, *classes: type[ir.Node]) -> bool:
    """Whether some node of the rule is of one of these classes."""
    return any(type(node) in classes for node in walk_rule(rule))


@once  # asked for each example, by each target
def known_kinds(rule: ir.Rule) -> tuple[ir.Kind, ...]:
    """The kinds of other objects that the rule looks up, each once, in order of appearance."""
    return tuple(dict.fromkeys(node.kind for node in walk_rule(rule) if isinstance(node, ir.Known)))


def lists_of(items: ir.Items) -> Iterator[ir.Value]:
    """The lists that items come from, in their order."""
    match items:
        case ir.Elems(value):
            yield value
        case ir.Concat(parts):
            for part in parts:
                yield from lists_of(part)
        case _:
            assert_never(items)


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
    """Maps nodes bottom-up. What nothing changes in stays the same object: what is remembered of it then still is.

    What rules hold most of is asked for first.
    """

    on_value: OnValue
    on_condition: OnCondition

    def value(self, value: ir.Value) -> ir.Value:
        if self.on_value is same_value and is_field(value):
            return value
        match value:
            case ir.Get(base, key):
                mapped, named = self.value(base), _key(key, self.on_value)
                return self.on_value(value if mapped is base and named is key else ir.Get(mapped, named))
            case ir.Var() | ir.Const() | ir.Obj() | ir.PodSpec() | ir.PodMeta() | ir.Param() | ir.Old():
                return self.on_value(value)
            case ir.Default(inner, fallback):
                mapped, other = self.value(inner), self.value(fallback)
                return self.on_value(value if mapped is inner and other is fallback else ir.Default(mapped, other))
            case ir.Percent(inner) | ir.UrlPort(inner) | ir.Seconds(inner) | ir.Len(inner):
                mapped = self.value(inner)
                return self.on_value(value if mapped is inner else type(value)(mapped))
            case ir.Known(kind, namespace):
                within = None if namespace is None else self.value(namespace)
                return self.on_value(value if within is namespace else ir.Known(kind, within))
            case ir.Scaled(inner, total, up):
                mapped, whole = self.value(inner), self.value(total)
                return self.on_value(value if mapped is inner and whole is total else ir.Scaled(mapped, whole, up))
            case ir.Count(items, var, condition):
                holds, over = self.condition(condition), self.items(items)
                return self.on_value(value if holds is condition and over is items else ir.Count(over, var, holds))
            case ir.Flag(items, name, switch):
                over = self.items(items)
                return self.on_value(value if over is items else ir.Flag(over, name, switch))
            case _:
                assert_never(value)

    def items(self, items: ir.Items) -> ir.Items:
        match items:
            case ir.Elems(value):
                mapped = self.value(value)
                return items if mapped is value else ir.Elems(mapped)
            case ir.Concat(parts):
                each = tuple(map(self.items, parts))
                return items if all(map(is_, each, parts)) else ir.Concat(each)
            case _:
                assert_never(items)

    def condition(self, condition: ir.Condition) -> ir.Condition:
        return self.on_condition(self._below(condition))

    def _below(self, condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.And(conditions) | ir.Or(conditions):
                each = tuple(map(self.condition, conditions))
                return condition if all(map(is_, each, conditions)) else type(condition)(each)
            case ir.Eq(left, right):
                mapped, other = self.value(left), self.value(right)
                return condition if mapped is left and other is right else ir.Eq(mapped, other)
            case ir.Not(inner):
                holds = self.condition(inner)
                return condition if holds is inner else ir.Not(holds)
            case ir.Any(items, var, inner) | ir.All(items, var, inner):
                over, holds = self.items(items), self.condition(inner)
                return condition if over is items and holds is inner else type(condition)(over, var, holds)
            case ir.Exists(value):
                mapped = self.value(value)
                return condition if mapped is value else ir.Exists(mapped)
            case ir.AnyEntry(value, key, var, inner) | ir.AllEntry(value, key, var, inner):
                mapped, holds = self.value(value), self.condition(inner)
                return condition if mapped is value and holds is inner else type(condition)(mapped, key, var, holds)
            case ir.Bool():
                return condition
            case ir.In(value, options):
                mapped, given = self.value(value), _constant(options, self.on_value)
                return condition if mapped is value and given is options else ir.In(mapped, given)
            case ir.Matches(value, pattern):
                mapped = self.value(value)
                return condition if mapped is value else ir.Matches(mapped, pattern)
            case ir.Compare(order, left, right) | ir.CompareQuantity(order, left, right):
                mapped, other = self.value(left), self.value(right)
                return condition if mapped is left and other is right else type(condition)(order, mapped, other)
            case ir.IsType(value, type_):
                mapped = self.value(value)
                return condition if mapped is value else ir.IsType(mapped, type_)
            case ir.Text(kind, value, text):
                mapped, given = self.value(value), _constant(text, self.on_value)
                return condition if mapped is value and given is text else ir.Text(kind, mapped, given)
            case _:
                assert_never(condition)


_LEAVES = frozenset((ir.Var, ir.Const, ir.Obj, ir.PodSpec, ir.PodMeta, ir.Param, ir.Old))


def is_field(node: ir.Node) -> bool:
    """Whether this is a field of an object or variable, or has no parts at all: no condition stands in it."""
    while isinstance(node, ir.Get):
        node = node.base
    return type(node) in _LEAVES


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
    """The rule with `when`, `condition` and message values mapped bottom-up; itself if nothing changes."""
    mapping = _Mapping(on_value, on_condition)
    when, condition = mapping.condition(rule.when), mapping.condition(rule.condition)
    message = tuple(part if isinstance(part, str) else mapping.value(part) for part in rule.message)
    if when is rule.when and condition is rule.condition and all(map(is_, message, rule.message)):
        return rule
    return replace(rule, when=when, condition=condition, message=message)
