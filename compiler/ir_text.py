"""The IR as text for people: goldens compare it, `explain --ir` prints it. Nothing reads it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import assert_never

from cmpolicy import ir


def rule_text(rule: ir.Rule) -> str:
    """The whole rule but what people read about it; ends in a line break."""
    lines = [
        f"rule {rule.id}",
        f"kinds {', '.join(map(str, rule.kinds))}",
        f"operations {', '.join(rule.operations)}",
        *(_parameter(parameter) for parameter in rule.parameters),
        "when",
        *_indented(_condition(rule.when)),
        "condition",
        *_indented(_condition(rule.condition)),
        "message",
        *(f"  {_part(part)}" for part in rule.message),
    ]
    return "\n".join(lines) + "\n"


def _parameter(parameter: ir.Param) -> str:
    return f"parameter {parameter.name}: {parameter.type} = {_constant(parameter.default)}"


def _part(part: str | ir.Value) -> str:
    return _constant(part) if isinstance(part, str) else value_text(part)


def _constant(constant: ir.Constant) -> str:
    return json.dumps(constant, ensure_ascii=False)


def value_text(value: ir.Value) -> str:
    """A value in one line: `obj.spec.replicas ?? 1`."""
    match value:
        case ir.Const(constant):
            return _constant(constant)
        case ir.Param(name):
            return f"${name}"
        case ir.Obj():
            return "obj"
        case ir.Old():
            return "old"
        case ir.Known(kind, namespace):
            return f"known({kind})" if namespace is None else f"known({kind} in {value_text(namespace)})"
        case ir.Var(name):
            return name
        case ir.PodSpec():
            return "pod"
        case ir.PodMeta():
            return "pod_metadata"
        case ir.Get(base, key):
            return value_text(base) + _key(key)
        case ir.Default(inner, fallback):
            return f"({value_text(inner)} ?? {value_text(fallback)})"
        case ir.Percent(inner):
            return f"percent({value_text(inner)})"
        case ir.Scaled(inner, total, up):
            return f"scaled({value_text(inner)} of {value_text(total)}, {'up' if up else 'down'})"
        case ir.UrlPort(inner):
            return f"url_port({value_text(inner)})"
        case ir.Seconds(inner):
            return f"seconds({value_text(inner)})"
        case ir.Len(inner):
            return f"len({value_text(inner)})"
        case ir.Count(items, var, condition):
            return f"count({var} in {items_text(items)} where {_inline(condition)})"
        case ir.Flag(items, name, switch):
            return f"{'switch' if switch else 'flag'}({items_text(items)}, {_constant(name)})"
        case _:
            assert_never(value)


def _key(key: str | ir.Param) -> str:
    if isinstance(key, ir.Param):
        return f"[${key.name}]"
    return f".{key}" if key.isidentifier() else f"[{_constant(key)}]"


def items_text(items: ir.Items) -> str:
    """A list in one line: `pod.containers ++ pod.initContainers`."""
    match items:
        case ir.Elems(value):
            return value_text(value)
        case ir.Concat(parts):
            return f"({' ++ '.join(map(items_text, parts))})"
        case _:
            assert_never(items)


def condition_text(condition: ir.Condition) -> str:
    """A condition as lines, its parts indented below it."""
    return "\n".join(_condition(condition))


def _inline(condition: ir.Condition) -> str:
    match condition:
        case ir.And(items):
            return f"({' and '.join(map(_inline, items))})" if items else "true"
        case ir.Or(items):
            return f"({' or '.join(map(_inline, items))})" if items else "false"
        case ir.Not(item):
            return f"not {_inline(item)}"
        case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
            return f"({_heading(condition)}: {_inline(condition.condition)})"
        case _:
            return _test(condition)


def _heading(condition: ir.Any | ir.All | ir.AnyEntry | ir.AllEntry) -> str:
    match condition:
        case ir.Any(items, var):
            return f"some {var} in {items_text(items)}"
        case ir.All(items, var):
            return f"every {var} in {items_text(items)}"
        case ir.AnyEntry(value, key, var):
            return f"some {key}: {var} in {value_text(value)}"
        case ir.AllEntry(value, key, var):
            return f"every {key}: {var} in {value_text(value)}"
        case _:
            assert_never(condition)


def _condition(condition: ir.Condition) -> Iterator[str]:
    match condition:
        case ir.And(items):
            yield from _block("all of", items)
        case ir.Or(items):
            yield from _block("any of", items)
        case ir.Not(ir.And() | ir.Or() | ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry() as item):
            yield from _block("not", (item,))
        case ir.Not(item):
            yield f"not {_inline(item)}"
        case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
            yield from _block(_heading(condition), (condition.condition,))
        case _:
            yield _test(condition)


def _block(heading: str, parts: tuple[ir.Condition, ...]) -> Iterator[str]:
    yield heading
    for part in parts:
        yield from _indented(_condition(part))


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _test(
    condition: ir.Bool | ir.Exists | ir.IsType | ir.Eq | ir.In | ir.Compare | ir.CompareQuantity | ir.Text | ir.Matches,
) -> str:
    match condition:
        case ir.Bool(value):
            return "true" if value else "false"
        case ir.Exists(value):
            return f"{value_text(value)} exists"
        case ir.IsType(value, type_):
            return f"{value_text(value)} is {type_}"
        case ir.Eq(left, right):
            return f"{value_text(left)} == {value_text(right)}"
        case ir.In(value, options):
            return f"{value_text(value)} in {value_text(options)}"
        case ir.Compare(order, left, right):
            return f"{value_text(left)} {order} {value_text(right)}"
        case ir.CompareQuantity(order, left, right):
            return f"quantity({value_text(left)}) {order} quantity({value_text(right)})"
        case ir.Text(test, value, text):
            return f"{value_text(value)} {test} {value_text(text)}"
        case ir.Matches(value, pattern):
            return f"{value_text(value)} matches {_constant(pattern)}"
        case _:
            assert_never(condition)
