"""Rules to JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from cmpolicy import ir
from cmpolicy.passes.unique_names import with_plain_names
from cmpolicy.values import Json, JsonMap


def encode_rule(rule: ir.Rule, file: Callable[[str], str] | None = None) -> JsonMap:
    """The whole rule; `file` gives the name by which readers know its file, without it no place is named."""
    return {
        "id": rule.id,
        "kinds": [encode_kind(kind) for kind in rule.kinds],
        "operations": [operation.value for operation in rule.operations],
        "parameters": [_parameter(parameter) for parameter in rule.parameters],
        "when": encode_condition(rule.when),
        "condition": encode_condition(rule.condition),
        "message": encode_message(rule.message),
        "about": _about(rule.about, file),
    }


def encode_kind(kind: ir.Kind) -> Json:
    """`["apps", "v1", "Deployment", "deployments", true]`."""
    return [kind.group, kind.version, kind.kind, kind.plural, kind.namespaced]


def _parameter(parameter: ir.Param) -> JsonMap:
    return {
        "name": parameter.name,
        "type": parameter.type.value,
        "default": _constant(parameter.default),
        "description": parameter.description,
    }


def _constant(constant: ir.Constant) -> Json:
    return list(constant) if isinstance(constant, tuple) else constant


def encode_message(message: ir.Message) -> Json:
    """Constant parts as they are, values as nodes."""
    return [part if isinstance(part, str) else encode_value(part) for part in message]


def _about(about: ir.About, file: Callable[[str], str] | None) -> JsonMap:
    return {
        "title": about.title,
        "description": about.description,
        "severity": about.severity.value,
        "pack": about.pack,
        "category": about.category,
        "remedy": about.remedy,
        "helm_values": [
            {"name": name, "value": encode_template(each.value), "when": encode_condition(with_plain_names(each.when))}
            for name, each in about.helm_values.items()
        ],
        "fix_manifests": [
            {"manifest": encode_template(each.manifest), "when": encode_condition(with_plain_names(each.when))}
            for each in about.fix_manifests
        ],
        "controls": list(about.controls),
        "sources": list(about.sources),
        "docs": about.docs,
        "profiles": list(about.profiles),
        "manifest_only": about.manifest_only,
        "good": [_example(each) for each in about.good],
        "bad": [_example(each) for each in about.bad],
        "condition_source": about.condition_source,
        "location": None if about.location is None or file is None else _location(about.location, file),
    }


def _location(location: ir.Location, file: Callable[[str], str]) -> JsonMap:
    return {"file": file(location.file), "line": location.line, "column": location.column}


def _example(example: ir.Example) -> JsonMap:
    return {"object": _plain(example.object), "others": [_plain(other) for other in example.others]}


def _plain(value: Json) -> Json:
    match value:
        case None | str() | int() | float():
            return value
        case dict() | Mapping():
            return {key: held if isinstance(held, str) else _plain(held) for key, held in value.items()}
        case list() | Sequence():
            return [_plain(held) for held in value]


def encode_template(template: ir.Template) -> Json:
    """Maps as `{"map": …}`, parameters as `{"param": name}`, shown texts as `{"shown": …}`; the rest as it is."""
    match template:
        case ir.Param(name):
            return {"param": name}
        case ir.Shown(message, source):
            return {"shown": encode_message(message), "source": source}
        case str():
            return template
        case Mapping():
            return {"map": {key: encode_template(held) for key, held in template.items()}}
        case Sequence():
            return [encode_template(held) for held in template]
        case _:
            return template


def encode_value(value: ir.Value) -> Json:
    """A value as its tag and fields."""
    match value:
        case ir.Const(constant):
            return ["const", _constant(constant)]
        case ir.Param(name):
            return ["param", name]
        case ir.Obj():
            return ["obj"]
        case ir.Old():
            return ["old"]
        case ir.Known(kind, namespace):
            return ["known", encode_kind(kind), None if namespace is None else encode_value(namespace)]
        case ir.Var(name):
            return ["var", name]
        case ir.PodSpec():
            return ["pod-spec"]
        case ir.PodMeta():
            return ["pod-meta"]
        case ir.Get(base, key):
            return ["get", encode_value(base), key if isinstance(key, str) else encode_value(key)]
        case ir.Default(inner, fallback):
            return ["default", encode_value(inner), encode_value(fallback)]
        case ir.Percent(inner):
            return ["percent", encode_value(inner)]
        case ir.Scaled(inner, total, up):
            return ["scaled", encode_value(inner), encode_value(total), up]
        case ir.UrlPort(inner):
            return ["url-port", encode_value(inner)]
        case ir.Seconds(inner):
            return ["seconds", encode_value(inner)]
        case ir.Len(inner):
            return ["len", encode_value(inner)]
        case ir.Count(items, var, condition):
            return ["count", encode_items(items), var, encode_condition(condition)]
        case ir.Flag(items, name, switch):
            return ["flag", encode_items(items), name, switch]
        case _:
            assert_never(value)


def encode_items(items: ir.Items) -> Json:
    """A list expression as its tag and fields."""
    match items:
        case ir.Elems(value):
            return ["elems", encode_value(value)]
        case ir.Concat(parts):
            return ["concat", *map(encode_items, parts)]
        case _:
            assert_never(items)


def encode_condition(condition: ir.Condition) -> Json:
    """A condition as its tag and fields."""
    match condition:
        case ir.Bool(truth):
            return ["bool", truth]
        case ir.And(items):
            return ["and", *map(encode_condition, items)]
        case ir.Or(items):
            return ["or", *map(encode_condition, items)]
        case ir.Not(item):
            return ["not", encode_condition(item)]
        case ir.Exists(value):
            return ["exists", encode_value(value)]
        case ir.IsType(value, type_):
            return ["is-type", encode_value(value), type_.value]
        case ir.Eq(left, right):
            return ["eq", encode_value(left), encode_value(right)]
        case ir.In(value, options):
            return ["in", encode_value(value), encode_value(options)]
        case ir.Compare(order, left, right):
            return ["compare", order.value, encode_value(left), encode_value(right)]
        case ir.CompareQuantity(order, left, right):
            return ["compare-quantity", order.value, encode_value(left), encode_value(right)]
        case ir.Text(test, value, text):
            return ["text", test.value, encode_value(value), encode_value(text)]
        case ir.Matches(value, pattern):
            return ["matches", encode_value(value), pattern]
        case ir.Any(items, var, inner):
            return ["any", encode_items(items), var, encode_condition(inner)]
        case ir.All(items, var, inner):
            return ["all", encode_items(items), var, encode_condition(inner)]
        case ir.AnyEntry(value, key, var, inner):
            return ["any-entry", encode_value(value), key, var, encode_condition(inner)]
        case ir.AllEntry(value, key, var, inner):
            return ["all-entry", encode_value(value), key, var, encode_condition(inner)]
        case _:
            assert_never(condition)
