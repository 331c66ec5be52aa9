"""Which values are read more than once, so that a variable is worth what declaring and compiling it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.lang.cel_names import kinds_by_pod_path
from cmpolicy.lang.scopes import is_closed
from cmpolicy.passes.expand_workloads import get_path
from cmpolicy.passes.tree import binders, children, walk

_Root: TypeAlias = ir.Obj | ir.Old
_Read: TypeAlias = ir.Get | ir.Elems


def read_often(rule: ir.Rule) -> frozenset[ir.Node]:
    """The fields and lists outside every quantifier that are read in several places, or again for each element.

    What is read for such a value counts once: its own variable reads it. What stands in the object itself is as cheap to
    read as a variable, up to three times.
    """
    uses: Counter[ir.Node] = Counter()
    for part in _parts(rule):
        _count(part, uses, in_loop=False)
    return frozenset(node for node, number in uses.items() if number > (3 if _is_of_root(node) else 1))


def _is_of_root(node: ir.Node) -> bool:
    return isinstance(node, ir.Get) and isinstance(node.base, _Root)


def _count(node: ir.Node, uses: Counter[ir.Node], *, in_loop: bool) -> None:
    if isinstance(node, _Read) and is_closed(node):
        before, more = uses[node], 2 if in_loop else 1
        uses[node] = before + more
        if before:
            return
        in_loop = False
    for child in children(node):
        is_condition = bool(binders(node)) and not isinstance(child, ir.Items)
        _count(child, uses, in_loop=in_loop or is_condition)


def _parts(rule: ir.Rule) -> Iterator[ir.Node]:
    """What is read of the object: by the condition, by the message, and to find the pod."""
    shown = [part for part in rule.message if not isinstance(part, str)]
    below = {type(node) for part in (rule.condition, *shown) for node in walk(part)}
    yield from (rule.condition, *dict.fromkeys(shown))
    for pod, part in ((ir.PodSpec, "spec"), (ir.PodMeta, "metadata")):
        if pod in below:
            yield from (get_path(ir.Obj(), (*path, part)) for path in kinds_by_pod_path(rule.kinds))
