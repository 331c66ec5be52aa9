"""Which variables a part of a rule binds and reads, and what follows where one is null."""

from __future__ import annotations

from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.once import once
from cmpolicy.passes.tree import binders, children, walk_rule


def bound_variables(rule: ir.Rule) -> list[str]:
    """The variables that the rule's quantifiers bind, each once, in order of appearance."""
    found = [name for node in walk_rule(rule) for name in binders(node)]
    return list(dict.fromkeys(found))


_Read: TypeAlias = ir.Obj | ir.Old | ir.Var | ir.PodSpec | ir.PodMeta
_NOTHING: frozenset[ir.Value] = frozenset()


@once  # asked at every level of a condition
def free(node: ir.Node) -> frozenset[ir.Value]:
    """The object, old object, pod and variables that the node reads and does not bind."""
    if isinstance(node, _Read):
        return frozenset((node,))
    read = _NOTHING.union(*map(free, children(node)))
    return read.difference(map(ir.Var, binders(node)))


def is_closed(node: ir.Node) -> bool:
    """Whether the node reads no variable that is bound outside it."""
    return not any(isinstance(each, ir.Var) for each in free(node))


def is_false_of_null(condition: ir.Condition, var: str) -> bool:
    """Whether the condition is certainly false where `Var(var)` is null."""
    match condition:
        case ir.And(items):
            return any(is_false_of_null(item, var) for item in items)
        case ir.Or(items):
            return all(is_false_of_null(item, var) for item in items)
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            return _is_null_with(left, var) or _is_null_with(right, var)
        case ir.Exists(value) | ir.IsType(value, _) | ir.In(value, _) | ir.Text(_, value, _) | ir.Matches(value, _):
            return _is_null_with(value, var)
        case ir.Any(ir.Elems(value), _, _) | ir.AnyEntry(value, _, _, _):
            return _is_null_with(value, var)
        case _:
            return False


def _is_null_with(value: ir.Value, var: str) -> bool:
    """Whether the value is certainly null where `Var(var)` is null."""
    match value:
        case ir.Var(name):
            return name == var
        case (
            ir.Get(inner, _)
            | ir.Percent(inner)
            | ir.Scaled(inner, _, _)
            | ir.UrlPort(inner)
            | ir.Seconds(inner)
            | ir.Len(inner)
        ):
            return _is_null_with(inner, var)
        case _:
            return False
