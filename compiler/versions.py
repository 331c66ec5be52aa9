"""Which Kubernetes versions have the fields that a rule reads. On the others it is a rule about a field that is never there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from cmpolicy import ir
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType
from cmpolicy.passes import expand_workloads
from cmpolicy.passes.tree import children


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A field, as people write its path, and the first and last version that has it, such as `1.29`; "" is no limit."""

    path: str
    since: str
    until: str

    def __str__(self) -> str:
        limits = [f">= {self.since}" if self.since else "", f"<= {self.until}" if self.until else ""]
        return f"`{self.path}` needs Kubernetes {' and '.join(filter(None, limits))}"


def windows(rule: ir.Rule) -> tuple[Window, ...]:
    """The fields in the rule's conditions that some supported version lacks, by path."""
    found: set[Window] = set()
    for kind in rule.kinds:
        lowered = expand_workloads(rule, kind)
        reader = _Reader(ObjectType(kind.kind), found)
        for condition in (lowered.when, lowered.condition):
            reader.walk(condition)
    return tuple(sorted(window for window in found if not any(_is_below(window, other) for other in found)))


def _is_below(window: Window, other: Window) -> bool:
    """Whether the other, a field around this one, says as much."""
    inside = window.path.startswith((f"{other.path}.", f"{other.path}["))
    return inside and (window.since, window.until) == (other.since, other.until)


def since(found: tuple[Window, ...]) -> str:
    """The first version that has all the fields; empty if every supported version has."""
    return max((window.since for window in found), key=_number, default="")


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("."))) if version else ()


@dataclass(frozen=True, slots=True)
class _Typed:
    """The type of a value, where it is known, and its path."""

    type: FieldType | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Follows the types from the object down to every field that is read; `variables` are those bound so far."""

    root: ObjectType
    found: set[Window]
    variables: dict[str, _Typed] = field(default_factory=dict)

    def walk(self, node: ir.Node) -> None:
        """Look at the node and everything below it; a variable is known before what reads it."""
        for name, typed in self._bound(node):
            self.variables[name] = typed
        if isinstance(node, ir.Get):
            self._typed(node)
        for child in children(node):
            self.walk(child)

    def _bound(self, node: ir.Node) -> Iterator[tuple[str, _Typed]]:
        match node:
            case ir.Any(items, var, _) | ir.All(items, var, _) | ir.Count(items, var, _):
                yield var, self._element(items)
            case ir.AnyEntry(value, _, var, _) | ir.AllEntry(value, _, var, _):
                typed = self._typed(value)
                inner = typed.type.value if isinstance(typed.type, MapOf) else None
                yield var, _Typed(inner, f"{typed.path}[*]")
            case _:
                return

    def _element(self, items: ir.Items) -> _Typed:
        match items:
            case ir.Elems(value):
                typed = self._typed(value)
                return _Typed(typed.type.item if isinstance(typed.type, ListOf) else None, f"{typed.path}[]")
            case ir.Concat(parts):
                return next((self._element(part) for part in parts), _Typed(None))
            case _:
                assert_never(items)

    def _typed(self, value: ir.Value) -> _Typed:
        match value:
            case ir.Obj() | ir.Old():
                return _Typed(self.root)
            case ir.Var(name):
                return self.variables.get(name, _Typed(None))
            case ir.Default(inner, _):
                return self._typed(inner)
            case ir.Get(base, str(key)):
                return self._field(self._typed(base), key)
            case _:
                return _Typed(None)

    def _field(self, base: _Typed, key: str) -> _Typed:
        path = f"{base.path}.{key}".removeprefix(".")
        match base.type:
            case ObjectType(name) if found := _fields(name).get(key):
                if found.since or found.until:
                    self.found.add(Window(path, found.since or "", found.until or ""))
                return _Typed(found.type, path)
            case MapOf(inner):
                return _Typed(inner, path)
            case _:
                return _Typed(None, path)


def _fields(name: str) -> Mapping[str, index.Field]:
    return index.fields(name) if name in index.load().types else {}
