"""What a rule reads, where, and what it compares that with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.generate import lists
from cmpolicy.generate.atoms import Quantifier
from cmpolicy.generate.draft import Draft, writable
from cmpolicy.generate.edit import Place
from cmpolicy.generate.probe import distinct
from cmpolicy.generate.workshop import Workshop
from cmpolicy.passes.tree import children
from cmpolicy.values import Json

Scopes: TypeAlias = tuple[Quantifier | ir.Count, ...]
Spot: TypeAlias = tuple[Scopes, ir.Value]

LISTS: tuple[Json, ...] = ([], ["x"], ["x", "x"], [None], [{}, None], [[]], {}, "x")
MAPS: tuple[Json, ...] = ({}, {"x": "x"}, {"x": None}, {"x": None, "y": False}, {"1": 1}, [], "x")


@dataclass(frozen=True, slots=True)
class Read:
    """A read, the quantifiers around it, outermost first, and values close to what it is compared with."""

    scopes: Scopes
    value: ir.Value
    candidates: tuple[Json, ...]
    name: str
    """The same for the same candidates, whatever the kind."""

    @property
    def weight(self) -> int:
        """How much it matters: tests more than lists as a whole, these more than what the message shows."""
        if not self.candidates:
            return 1
        return 2 if self.candidates in (LISTS, MAPS) else 6


def reads(shop: Workshop) -> tuple[Read, ...]:
    """Every read of the rule, of its message too; one for each value, with all its candidates."""
    rule = shop.rule
    shown = [part for part in rule.message if not isinstance(part, str)]
    found: dict[Spot, list[Json]] = {((), read): [] for part in shown for read in writable(part)}
    for root in (rule.when, rule.condition, *shown):
        for spot, candidates in _reads(shop, root, ()):
            found.setdefault(spot, []).extend(candidates)
    for key in ("apiVersion", "kind"):
        found.pop(((), ir.Get(ir.Obj(), key)), None)
    return tuple(_named(scopes, value, distinct(iter(values))) for (scopes, value), values in found.items())


def _named(scopes: Scopes, value: ir.Value, candidates: tuple[Json, ...]) -> Read:
    return Read(scopes, value, candidates, f"{len(candidates)} {candidates!r}")


def _reads(shop: Workshop, node: ir.Node, scopes: Scopes) -> Iterator[tuple[Spot, tuple[Json, ...]]]:
    match node:
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
            candidates = shop.probe(node).candidates
            yield from (((scopes, read), candidates) for read in shop.probe(node).reads)
        case ir.Elems(value):
            yield from (((scopes, read), LISTS) for read in writable(value))
        case ir.AnyEntry() | ir.AllEntry():
            yield from (((scopes, read), MAPS) for read in writable(node.value))
    for child in children(node):
        # What a quantifier runs over stands outside it.
        if isinstance(node, ir.Count | Quantifier) and child is node.condition:
            yield from _reads(shop, child, (*scopes, node))
        else:
            yield from _reads(shop, child, scopes)


def find(shop: Workshop, read: Read, made: Draft) -> tuple[Draft, Place | None]:
    """Where the read stands for some element of each list around it, which are made if there are none."""
    for scope in read.scopes:
        match scope:
            case ir.Any(items, var, _) | ir.All(items, var, _) | ir.Count(items, var, _):
                made, place = lists.element(shop, items, made)
                if place is None:
                    return made, None
                made = made.bind(var, place)
            case ir.AnyEntry() | ir.AllEntry():
                inside = lists.entry(shop, scope, lists.keys(shop, scope, made)[0], made)
                if inside is None:
                    return made, None
                made = inside
    return made, shop.place(read.value, made)
