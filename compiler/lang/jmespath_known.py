"""Which objects a rule looks up, and what of them it reads: Kyverno holds no more than 2 MiB for a request, and CRDs alone have more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate.known import DEFAULT_NAMESPACE
from cmpolicy.lang.jmespath_syntax import quoted
from cmpolicy.once import once
from cmpolicy.passes.expand_workloads import get_path
from cmpolicy.passes.tree import walk_rule

_COMMON = ("apiVersion", "kind")
"""What a list leaves out of its objects."""

SOUGHT = ir.Var("")
"""The known object that is asked for its namespace; no variable of a rule is named so."""

_Fields: TypeAlias = "Mapping[str, _Fields | None]"
"""The fields of a map that are read, and which of each; None is all of it."""


def kept(rule: ir.Rule, kind: ir.Kind) -> str:
    """A JMESPath for what to keep of each object of the kind: the fields that the rule reads, or all of it.

    Of metadata at least the namespace, which tells those of one, and rarely more: what is left out is large, as servers
    keep there who wrote which field, and `kubectl` the object itself.
    """
    elements = _elements(walk_rule(rule), kind)
    read = None if elements is None else _fields(_gets(rule), elements)
    if read is None:
        return "@"
    metadata = read.get("metadata", {})
    own = None if metadata is None else {**metadata, "namespace": None}
    return _picked({**{key: read[key] for key in read if key not in _COMMON}, "metadata": own})


def _elements(nodes: Sequence[ir.Node], kind: ir.Kind) -> Sequence[ir.Node] | None:
    """Where the rule has such an object in a variable; None where it may have one in another way."""
    loops = [node for node in nodes if isinstance(node, ir.Any | ir.All | ir.Count) and _has_known(node.items, kind)]
    looked_up = sum(isinstance(node, ir.Known) and node.kind == kind for node in nodes)
    counted = sum(isinstance(node, ir.Len) and _is_known(node.value, kind) for node in nodes)
    names = {loop.var for loop in loops}
    elements = [node for node in nodes if isinstance(node, ir.Var) and node.name in names]
    return elements if looked_up == counted + len(loops) else None


@once  # for every kind that it looks up
def _gets(rule: ir.Rule) -> Mapping[ir.Node, Sequence[ir.Get]]:
    """What the rule reads of each map."""
    by_base: dict[ir.Node, list[ir.Get]] = {}
    for node in walk_rule(rule):
        if isinstance(node, ir.Get):
            by_base.setdefault(node.base, []).append(node)
    return by_base


def _fields(gets: Mapping[ir.Node, Sequence[ir.Get]], maps: Sequence[ir.Node]) -> _Fields | None:
    """The fields of these maps that the rule reads; None where it may read any."""
    read = [get for each in dict.fromkeys(maps) for get in gets.get(each, ())]
    by_key: dict[str, list[ir.Node]] = {}
    for get in read:
        if isinstance(get.key, str):
            by_key.setdefault(get.key, []).append(get)
    if not len(maps) == len(read) == sum(map(len, by_key.values())):
        return None
    return {key: _fields(gets, found) for key, found in by_key.items()}


def _picked(fields: _Fields) -> str:
    pairs = ", ".join(f"{quoted(key)}: {_taken(quoted(key), fields[key])}" for key in sorted(fields))
    # Two braces in a row would mean something else to Kyverno.
    return f"{{{pairs} }}" if pairs.endswith("}") else f"{{{pairs}}}"


def _taken(key: str, fields: _Fields | None) -> str:
    return key if fields is None else f"{key}.{_picked(fields)}"


def _has_known(items: ir.Items, kind: ir.Kind) -> bool:
    return isinstance(items, ir.Elems) and _is_known(items.value, kind)


def _is_known(value: ir.Value, kind: ir.Kind) -> bool:
    return isinstance(value, ir.Known) and value.kind == kind


def is_there(namespace: ir.Value) -> ir.Condition:
    """Whether the sought object is in the namespace of this name: in `default` if it names none."""
    own, default = get_path(SOUGHT, ("metadata", "namespace")), ir.Const(DEFAULT_NAMESPACE)
    is_named = ir.And((ir.IsType(own, ir.ValueType.STRING), ir.Not(ir.Eq(own, ir.Const("")))))
    in_default = ir.And((ir.Not(is_named), ir.Eq(namespace, default)))
    is_name = ir.And((ir.IsType(namespace, ir.ValueType.STRING), ir.Not(ir.Eq(namespace, ir.Const("")))))
    return ir.And((is_name, ir.Or((ir.Eq(own, namespace), in_default))))
