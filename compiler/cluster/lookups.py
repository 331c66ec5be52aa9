"""What rules look up: which kinds, in which namespaces, and the fields of them that any rule reads.

Of objects that are only looked up no more than those fields is kept: definitions of custom resources alone are larger
than everything else in most clusters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate.known import DEFAULT_NAMESPACE
from cmpolicy.ir.kind import Kind
from cmpolicy.passes.tree import children, lists_of, walk, walk_rule
from cmpolicy.values import Json, JsonMap

Path: TypeAlias = tuple[str, ...]
HOME = ir.Default(ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace"), ir.Const(DEFAULT_NAMESPACE))
"""The namespace of the object under review."""
NAMING: tuple[Path, ...] = (("apiVersion",), ("kind",), ("metadata", "namespace"), ("metadata", "name"))
"""What an object is found by."""
EACH = "[]"
"""Every element of a list, as a step of a path."""
THERE = ""
"""A step to nothing: of an element no more is read than that it is there."""
Bound: TypeAlias = Mapping[str, frozenset[Path]]
Quantifier = ir.Any | ir.All | ir.Count


@dataclass(frozen=True, slots=True)
class LookUp:
    """What is looked up of a kind: the ids of the rules that do, whether beyond their own namespace, and which fields."""

    kind: Kind
    rules: tuple[str, ...]
    everywhere: bool
    fields: frozenset[Path]

    def kept(self, manifest: JsonMap) -> JsonMap:
        """The object with what rules read of it."""
        kept = _kept(manifest, self.fields)
        assert isinstance(kept, Mapping), kept
        return kept


def look_ups(rules: Iterable[ir.Rule]) -> tuple[LookUp, ...]:
    """What these rules look up, by kind in order of appearance."""
    found: dict[str, LookUp] = {}
    for rule in rules:
        for kind, everywhere in _known(rule):
            known = found.get(str(kind), LookUp(kind, (), False, frozenset(NAMING)))
            ids = tuple(dict.fromkeys((*known.rules, rule.id)))
            found[str(kind)] = LookUp(kind, ids, known.everywhere or everywhere, known.fields | _fields(rule, kind))
    return tuple(found.values())


def _known(rule: ir.Rule) -> Iterator[tuple[Kind, bool]]:
    for node in walk_rule(rule):
        if isinstance(node, ir.Known):
            yield node.kind, node.namespace != HOME


def _fields(rule: ir.Rule, kind: Kind) -> frozenset[Path]:
    """The paths that the rule reads of objects of the kind that it looks up; the empty one for all of an object."""
    bound = _bound(rule, kind)
    shown = (part for part in rule.message if not isinstance(part, str))
    return frozenset(path for part in (rule.when, rule.condition, *shown) for path in _reads(part, bound))


def _bound(rule: ir.Rule, kind: Kind) -> Bound:
    """The paths of what each variable stands for in such an object, whatever quantifier binds it."""
    bound: dict[str, frozenset[Path]] = {}
    for node in walk_rule(rule):
        if isinstance(node, Quantifier) and (paths := frozenset(_elements(node.items, kind, bound))):
            bound[node.var] = paths
    return bound


def _elements(items: ir.Items, kind: Kind, bound: Bound) -> Iterator[Path]:
    for value in lists_of(items):
        if any(isinstance(each, ir.Known) and str(each.kind) == str(kind) for each in walk(value)):
            yield ()
        elif (read := _read(value)) is not None and read.is_exact:
            yield from ((*path, *read.keys, EACH) for path in bound.get(read.name, ()))


def _reads(node: ir.Node, bound: Bound) -> Iterator[Path]:
    """The paths read of these variables. Of a list that a quantifier runs over it is only its elements that are there."""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, Quantifier):
            pending.append(each.condition)
            for value in lists_of(each.items):
                if (read := _read(value)) is not None and read.is_exact:
                    yield from ((*path, *read.keys, EACH, THERE) for path in bound.get(read.name, ()))
                else:
                    pending.append(value)
        elif (read := _read(each)) is not None:
            yield from ((*path, *read.keys) for path in bound.get(read.name, ()))
        else:
            pending += children(each)


@dataclass(frozen=True, slots=True)
class _Read:
    """A read of a variable: its keys, as far as they are constants, and whether they all are."""

    name: str
    keys: Path
    is_exact: bool


def _read(node: ir.Node) -> _Read | None:
    """None for another node, and for a read of something else."""
    keys: list[str] = []
    is_exact = True
    while isinstance(node, ir.Get):
        if isinstance(node.key, str):
            keys.insert(0, node.key)
        else:
            keys, is_exact = [], False
        node = node.base
    return _Read(node.name, tuple(keys), is_exact) if isinstance(node, ir.Var) else None


def _kept(value: Json, paths: Iterable[Path]) -> Json:
    """What these paths lead to; what is neither a map nor a list is as it is."""
    by_key: dict[str, list[Path]] = {}
    for path in paths:
        if not path:
            return value
        by_key.setdefault(path[0], []).append(path[1:])
    match value:
        case Mapping():
            return {key: _kept(value[key], below) for key, below in by_key.items() if key in value}
        case list():
            return [_kept(each, by_key[EACH]) for each in value] if EACH in by_key else []
        case _:
            return value
