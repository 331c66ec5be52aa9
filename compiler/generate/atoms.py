"""The atomic conditions of a rule: what coverage counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.ir_text import condition_text, items_text, value_text
from cmpolicy.passes.tree import children

Path: TypeAlias = tuple[int, ...]
"""The way to a node: 0 for `when` or 1 for `condition`, then the index among the children of each node."""

Quantifier: TypeAlias = ir.Any | ir.All | ir.AnyEntry | ir.AllEntry


class Aspect(StrEnum):
    """What is asked of a node."""

    HOLDS = "holds"
    FILLED = "has elements"


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition without parts, or a quantifier, or whether there is anything for a quantifier to run over."""

    path: Path
    node: ir.Condition | ir.Count
    aspect: Aspect

    @property
    def text(self) -> str:
        """The atom in one line."""
        text = _text(self.node) if isinstance(self.node, ir.Count | Quantifier) else condition_text(self.node)
        return f"{text} {self.aspect}" if self.aspect is Aspect.FILLED else text


def _text(node: Quantifier | ir.Count) -> str:
    match node:
        case ir.Count():
            return f"count in {items_text(node.items)}"
        case ir.Any():
            return f"some {node.var} in {items_text(node.items)}"
        case ir.All():
            return f"every {node.var} in {items_text(node.items)}"
        case ir.AnyEntry():
            return f"some {node.key}: {node.var} in {value_text(node.value)}"
        case ir.AllEntry():
            return f"every {node.key}: {node.var} in {value_text(node.value)}"


def atoms(rule: ir.Rule) -> tuple[Atom, ...]:
    """Every atom of `when` and `condition`, those inside a `Count` included, in the order of the rule."""
    return (*_below(rule.when, (0,)), *_below(rule.condition, (1,)))


def _below(node: ir.Node, path: Path) -> Iterator[Atom]:
    match node:
        case ir.Any() | ir.All() | ir.AnyEntry() | ir.AllEntry():
            yield Atom(path, node, Aspect.HOLDS)
            yield Atom(path, node, Aspect.FILLED)
        case ir.Count():
            yield Atom(path, node, Aspect.FILLED)
        case (
            ir.Exists()
            | ir.IsType()
            | ir.Eq()
            | ir.In()
            | ir.Compare()
            | ir.CompareQuantity()
            | ir.Text()
            | ir.Matches()
        ):
            yield Atom(path, node, Aspect.HOLDS)
    for index, child in enumerate(children(node)):
        yield from _below(child, (*path, index))
