"""Faults of mapping, in every language: a node is printed as another that is like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.passes.expand_workloads import get_path

from tests.engines.faults import Fault, NodeT, Slip, node, other_values
from tests.engines.faults_constructs import CEL, LANGUAGES, PRINTINGS, REGO

Row: TypeAlias = tuple[str, str, Slip]
"""A construct, what is wrong, and the slip."""

TYPES_LIKE = {
    ir.ValueType.BOOLEAN: ir.ValueType.STRING,
    ir.ValueType.NUMBER: ir.ValueType.INTEGER,
    ir.ValueType.INTEGER: ir.ValueType.NUMBER,
    ir.ValueType.STRING: ir.ValueType.BOOLEAN,
    ir.ValueType.LIST: ir.ValueType.MAP,
    ir.ValueType.MAP: ir.ValueType.LIST,
}
ORDERS_LIKE = {
    ir.Order.LESS: ir.Order.AT_MOST,
    ir.Order.AT_MOST: ir.Order.LESS,
    ir.Order.GREATER: ir.Order.AT_LEAST,
    ir.Order.AT_LEAST: ir.Order.GREATER,
}
TESTS_LIKE = {
    ir.TextTest.STARTS_WITH: ir.TextTest.CONTAINS,
    ir.TextTest.ENDS_WITH: ir.TextTest.STARTS_WITH,
    ir.TextTest.CONTAINS: ir.TextTest.STARTS_WITH,
}


def faults() -> tuple[Fault, ...]:
    """Every slip, in every language; parameters are around the nodes, in every form."""
    old = node(ir.Obj, lambda _: ir.Old())
    slips = (*_constants(), *_values(), *_items(), *_logic(), *_quantifiers(), *_tests())
    everywhere = tuple(
        Fault(construct, language, what, slip=slip)
        for construct, what, slip in slips
        for language in (PRINTINGS if construct.startswith("Param ") else LANGUAGES)
    )
    # Datree has no request, and so no old object.
    return (*everywhere, *(Fault("Obj", language, "the old object", slip=old) for language in (CEL, REGO)))


def _constants() -> Iterator[Row]:
    yield "Const bool", "as text", _constant(bool, lambda value: str(value).lower())
    yield "Const int", "one more", _constant(int, lambda value: value + 1)
    yield "Const float", "cut to an integer", _constant(float, int)
    yield "Const str", "in upper case", _constant(str, str.upper)
    yield "Const str", "without its last character", _constant(str, lambda value: value[:-1])
    yield "Const tuple", "without its last element", _constant(tuple, lambda value: value[:-1])
    for type_ in ir.ParameterType:
        yield f"Param {type_}", "another value", _other_value(type_)


def _constant(kind: type, change: Callable[..., ir.Constant]) -> Slip:
    return node(ir.Const, lambda const: ir.Const(change(const.value)) if type(const.value) is kind else const)


def _other_value(type_: ir.ParameterType) -> Slip:
    return lambda rule: other_values(rule, type_)


def _values() -> Iterator[Row]:
    yield "Obj", "its spec", node(ir.Obj, lambda obj: ir.Get(obj, "spec"))
    yield "Old", "the new object", node(ir.Old, lambda _: ir.Obj())
    yield "Var", "its field `value`", node(ir.Var, lambda var: ir.Get(var, "value"))
    yield "PodSpec", "of a template, whatever the kind", node(ir.PodSpec, lambda _: _in_template("spec"))
    yield "PodSpec", "the object's own", node(ir.PodSpec, lambda _: ir.Get(ir.Obj(), "spec"))
    yield "PodMeta", "of a template, whatever the kind", node(ir.PodMeta, lambda _: _in_template("metadata"))
    yield "PodMeta", "the object's own", node(ir.PodMeta, lambda _: ir.Get(ir.Obj(), "metadata"))
    yield "Get", "a dotted key taken for a path", node(ir.Get, _by_dots)
    yield "Get", "the key in lower case", node(ir.Get, lambda get: replace(get, key=_lower(get.key)))
    yield "Default", "no fallback", node(ir.Default, lambda default: default.value)
    yield "Default", "the fallback always", node(ir.Default, lambda default: default.fallback)
    yield "Percent", "the text itself", node(ir.Percent, lambda percent: percent.value)
    yield "Len", "the value itself", node(ir.Len, lambda length: length.value)
    yield "Count", "of all elements", node(ir.Count, lambda count: replace(count, condition=ir.TRUE))
    yield "Count", "of the others", node(ir.Count, lambda count: replace(count, condition=ir.Not(count.condition)))
    yield "Flag switch=false", "as a switch", node(ir.Flag, lambda flag: replace(flag, switch=True))
    yield "Flag switch=true", "as a flag with a value", node(ir.Flag, lambda flag: replace(flag, switch=False))
    for switch in ("false", "true"):
        yield (
            f"Flag switch={switch}",
            "a flag whose name goes on",
            node(ir.Flag, lambda f: replace(f, name=f.name + "y")),
        )


def _in_template(part: str) -> ir.Value:
    return get_path(ir.Obj(), ("spec", "template", part))


def _by_dots(get: ir.Get) -> ir.Value:
    return get_path(get.base, tuple(get.key.split("."))) if isinstance(get.key, str) else get


def _lower(key: str | ir.Param) -> str | ir.Param:
    return key.lower() if isinstance(key, str) else key


def _items() -> Iterator[Row]:
    yield "Elems", "of its field `items`", node(ir.Elems, lambda elems: ir.Elems(ir.Get(elems.value, "items")))
    yield (
        "Concat",
        "without its last part, as of ephemeral containers",
        node(ir.Concat, lambda concat: ir.Concat(concat.parts[:-1])),
    )
    yield "Concat", "its first part alone", node(ir.Concat, lambda concat: concat.parts[0])


def _logic() -> Iterator[Row]:
    for value in (False, True):
        yield f"Bool value={str(value).lower()}", "its opposite", _of_variant(ir.Bool, "value", value, not value)
    yield "And", "as Or", node(ir.And, lambda both: ir.Or(both.items))
    yield "And", "without its last part", node(ir.And, lambda both: ir.And(both.items[:-1]))
    yield "Or", "as And", node(ir.Or, lambda either: ir.And(either.items))
    yield "Or", "without its last part", node(ir.Or, lambda either: ir.Or(either.items[:-1]))
    yield "Not", "dropped", node(ir.Not, lambda negation: negation.item)


def _quantifiers() -> Iterator[Row]:
    yield "Any", "as All", node(ir.Any, lambda any_: ir.All(any_.items, any_.var, any_.condition))
    yield "Any", "without its condition", node(ir.Any, lambda any_: replace(any_, condition=ir.TRUE))
    yield "All", "as Any", node(ir.All, lambda all_: ir.Any(all_.items, all_.var, all_.condition))
    yield "AnyEntry", "as AllEntry", node(ir.AnyEntry, lambda e: ir.AllEntry(e.value, e.key, e.var, e.condition))
    yield "AnyEntry", "key and value exchanged", node(ir.AnyEntry, lambda e: replace(e, key=e.var, var=e.key))
    yield "AllEntry", "as AnyEntry", node(ir.AllEntry, lambda e: ir.AnyEntry(e.value, e.key, e.var, e.condition))
    yield "AllEntry", "key and value exchanged", node(ir.AllEntry, lambda e: replace(e, key=e.var, var=e.key))


def _tests() -> Iterator[Row]:
    yield "Exists", "that it is true", node(ir.Exists, lambda exists: ir.Eq(exists.value, ir.Const(True)))
    yield "Exists", "that it is text", node(ir.Exists, lambda exists: ir.IsType(exists.value, ir.ValueType.STRING))
    for type_, like in TYPES_LIKE.items():
        yield f"IsType {type_}", f"as {like}", _of_variant(ir.IsType, "type", type_, like)
    for order, wrong in ORDERS_LIKE.items():
        yield f"Compare {order}", f"as {wrong}", _of_variant(ir.Compare, "order", order, wrong)
        yield f"CompareQuantity {order}", f"as {wrong}", _of_variant(ir.CompareQuantity, "order", order, wrong)
        yield f"Compare {order}", "sides exchanged", node(ir.Compare, lambda c: replace(c, left=c.right, right=c.left))
    for test, other in TESTS_LIKE.items():
        yield f"Text {test}", f"as {other}", _of_variant(ir.Text, "test", test, other)
    yield "Eq", "of texts as a prefix", node(ir.Eq, _prefix)
    yield "In", "without the last option", node(ir.In, _fewer)
    yield "Matches", "from the start to the end", node(ir.Matches, lambda m: replace(m, pattern=f"^({m.pattern})$"))
    yield "Matches", "anywhere", node(ir.Matches, lambda m: replace(m, pattern=m.pattern.strip("^$")))


def _of_variant(kind: type[NodeT], field: str, right: object, wrong: object) -> Slip:
    def change(made: NodeT) -> ir.Node:
        fields = {name: getattr(made, name) for name in made.__slots__}
        return kind(**{**fields, field: wrong}) if fields[field] == right else made

    return node(kind, change)


def _prefix(equal: ir.Eq) -> ir.Condition:
    match equal.right:
        case ir.Const(str()):
            return ir.Text(ir.TextTest.STARTS_WITH, equal.left, equal.right)
        case _:
            return equal


def _fewer(within: ir.In) -> ir.Condition:
    match within.options:
        case ir.Const(tuple(options)):
            return replace(within, options=ir.Const(options[:-1]))
        case _:
            return within
