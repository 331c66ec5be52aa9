"""Closures for JMESPath, in which a test of an element sees nothing but that element.

So a list that is run over becomes a list of pairs `[[element], [value, ...]]`, in which every element has with it the
values around the loop that its test reads. The pairs are put together as JSON text, in which nothing needs an escape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cmpolicy import ir
from cmpolicy.lang import jmespath_syntax as jmes
from cmpolicy.lang.jmespath_syntax import CURRENT, Jmes, literal
from cmpolicy.lang.scopes import free, is_closed
from cmpolicy.once import once
from cmpolicy.passes.tree import walk, walk_rule

_COMPUTED = (ir.Percent, ir.Scaled, ir.UrlPort, ir.Seconds, ir.Count, ir.Flag)
ELEMENT = jmes.index(jmes.index(CURRENT, 0), 0)
"""The element of a pair."""
_SEPARATOR, _OPEN, _CLOSE = literal(","), literal("],["), literal("]]")


@dataclass(slots=True)
class Scope:
    """What the current value is where something is printed: by name what it binds, and what it was given from around.

    The outermost scope has no `own` names: there the current value is Kyverno's context.
    """

    own: Mapping[str, Jmes] = field(default_factory=dict)
    given: list[ir.Node] = field(default_factory=list)

    def is_around(self, node: ir.Node) -> bool:
        """Whether the node has to be given: it reads something, but nothing that is bound here."""
        if not self.own or any(isinstance(part, ir.Var) and part.name in self.own for part in free(node)):
            return False
        return not is_constant(node)

    def take(self, node: ir.Node) -> Jmes:
        """Where the pair has the node's value."""
        if node not in self.given:
            self.given.append(node)
        return jmes.index(jmes.index(CURRENT, 1), self.given.index(node))


@once  # of every node in a loop
def is_constant(node: ir.Node) -> bool:
    """Whether the node is the same for every object and whatever is known."""
    return not free(node) and not _looks_up(node)


def _looks_up(node: ir.Node) -> bool:
    return any(isinstance(part, ir.Known) for part in walk(node))


def often_computed(rule: ir.Rule) -> frozenset[ir.Node]:
    """What the rule computes more than once from the same object."""
    times = Counter(node for node in walk_rule(rule) if isinstance(node, _COMPUTED))
    return frozenset(node for node, number in times.items() if number > 1 and is_closed(node))


def needs_pairs(condition: ir.Condition, own: Iterable[str]) -> bool:
    """Whether a test of what `own` names reads anything else."""
    return bool(free(condition) - {ir.Var(name) for name in own}) or _looks_up(condition)


def pairs(items: Jmes, given: Iterable[Jmes]) -> Jmes:
    """`[[[element], [value, ...]], ...]` of a list of elements; the current value is the same for all of it."""
    elements = jmes.each(jmes.call("to_string", jmes.list_of((CURRENT,))), items)
    values = jmes.call("to_string", jmes.list_of(given))
    texts, text = jmes.index(CURRENT, 0), jmes.index(CURRENT, 1)
    between = _join((_SEPARATOR, text, _OPEN))
    whole = _join((literal("[["), jmes.call("join", between, texts), _SEPARATOR, text, _CLOSE))
    # Without elements there would be one pair too many: then it is the empty list itself.
    parsed = jmes.conjunction((texts, jmes.call("parse_json", whole)))
    return jmes.piped(jmes.list_of((elements, values)), parsed)


def _join(parts: Iterable[Jmes]) -> Jmes:
    return jmes.call("join", literal(""), jmes.list_of(parts))
