"""Which field a failure is about: the one whose value made the condition false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.closures import (
    FIRST_VARIABLE,
    Frame,
    OfCondition,
    OfValue,
    Slots,
    condition_closure,
    value_closure,
)
from cmpolicy.evaluate.judge import kind_of, lowered
from cmpolicy.evaluate.known import NOTHING
from cmpolicy.evaluate.values import is_list
from cmpolicy.values import Json, JsonMap

Path: TypeAlias = tuple[str, ...]
_Element: TypeAlias = tuple[Path | None, Json]
"""An element of a list, and its path in the object; None if it is not from there."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """An object, and what each variable in scope holds: its path in the object, and its value."""

    manifest: JsonMap
    old: Json
    objects: JsonMap
    bound: dict[str, tuple[Path | None, Json]] = field(default_factory=dict)

    def bind(self, var: str, path: Path | None, value: Json) -> _Scope:
        return replace(self, bound={**self.bound, var: (path, value)})

    def value(self, value: ir.Value) -> Json:
        read, cells = _value_closure(value, tuple(self.bound))
        return read(self._frame(cells))

    def holds(self, condition: ir.Condition) -> bool:
        test, cells = _condition_closure(condition, tuple(self.bound))
        return test(self._frame(cells))

    def _frame(self, cells: int) -> Frame:
        bound = [value for _, value in self.bound.values()]
        return [self.manifest, self.old, self.objects, *bound, *([None] * (cells - len(bound)))]


@lru_cache(maxsize=4096)
def _value_closure(value: ir.Value, bound: tuple[str, ...]) -> tuple[OfValue, int]:
    """The closure of a value inside these variables, and how many cells its frame has beside the objects."""
    slots = _slots(bound)
    return value_closure(value, slots), len(slots)


@lru_cache(maxsize=4096)
def _condition_closure(condition: ir.Condition, bound: tuple[str, ...]) -> tuple[OfCondition, int]:
    slots = _slots(bound)
    return condition_closure(condition, slots), len(slots)


def _slots(bound: tuple[str, ...]) -> Slots:
    return {var: FIRST_VARIABLE + number for number, var in enumerate(bound)}


def blame(rule: ir.Rule, manifest: JsonMap, old: Json = None, objects: JsonMap = NOTHING) -> str:
    """The JSON pointer of the field that a failure of this rule is about; the whole object if no field of it is."""
    kind = kind_of(rule, manifest)
    assert kind is not None, f"{rule.id} skips this object"
    return pointer(_blame(lowered(rule, kind).condition, False, _Scope(manifest, old, objects)) or ())


def pointer(path: Path) -> str:
    """A path of keys and indexes as a JSON pointer (RFC 6901)."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def steps(pointer: str) -> Path:
    """The keys and indexes of a JSON pointer."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def _blame(condition: ir.Condition, wanted: bool, scope: _Scope) -> Path | None:
    """The path of the value that makes `condition` what it is, `wanted`; None if it reads no field."""
    match condition:
        case ir.Bool():
            return None
        case ir.Not(inner):
            return _blame(inner, not wanted, scope)
        case ir.And(items) | ir.Or(items):
            return _blame_items(condition, wanted, [item for item in items if scope.holds(item) is wanted], scope)
        case ir.Any(items, var, inner) | ir.All(items, var, inner):
            elements = _elements(items, scope)
            if isinstance(condition, ir.Any) is not wanted and len(elements) > 1:
                # Every element had a part in it; of a list that the rule brings the first tells what they were held against.
                return _list_path(items, scope) or _blame_element(elements, var, inner, wanted, scope)
            return _blame_element(elements, var, inner, wanted, scope) or _list_path(items, scope)
        case ir.AnyEntry(value, key, var, inner) | ir.AllEntry(value, key, var, inner):
            return _blame_entry(value, (key, var), inner, wanted, scope)
        case ir.Eq(left, right) | ir.Compare(_, left, right) | ir.CompareQuantity(_, left, right):
            return _path(left, scope) or _path(right, scope)
        case ir.Exists(value) | ir.IsType(value, _) | ir.In(value, _) | ir.Text(_, value, _) | ir.Matches(value, _):
            return _path(value, scope)
        case _:
            assert_never(condition)


def _blame_items(condition: ir.And | ir.Or, wanted: bool, decisive: list[ir.Condition], scope: _Scope) -> Path | None:
    """The path for a conjunction or for alternatives, of which `decisive` made it what it is.

    What comes first in a rule chooses, as a filter does or what an implication starts with; what comes last is asked.
    """
    found = [(item, path) for item in decisive if (path := _blame(item, wanted, scope)) is not None]
    paths = [path for _, path in found]
    if isinstance(condition, ir.And) or wanted:
        return (paths[-1] if wanted else paths[0]) if paths else None
    if found and not isinstance(found[-1][0], ir.Not):
        paths = [path for item, path in found if not isinstance(item, ir.Not)]
    return _deciding(paths, scope)


def _deciding(paths: list[Path], scope: _Scope) -> Path | None:
    """Of alternatives that all failed, the most specific one that is there, the last of several; the first if none is."""
    there = [path for path in paths if path and reaches(scope.manifest, path)]
    return max(reversed(there), key=len) if there else (paths[0] if paths else None)


def reaches(value: Json, path: Path) -> bool:
    """Whether a path of keys and indexes leads to something in the value, null included."""
    for step in path:
        match value:
            case Mapping() if step in value:
                value = value[step]
            case list() if step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return False
    return True


def _blame_element(elements: list[_Element], var: str, inner: ir.Condition, wanted: bool, scope: _Scope) -> Path | None:
    """The first element for which `inner` is `wanted`, as far inside as can be told."""
    for path, element in elements:
        bound = scope.bind(var, path, element)
        if bound.holds(inner) is wanted:
            return _blame(inner, wanted, bound) or path
    return None


def _blame_entry(
    value: ir.Value, names: tuple[str, str], inner: ir.Condition, wanted: bool, scope: _Scope
) -> Path | None:
    path, entries = _path(value, scope), scope.value(value)
    if path is None or not isinstance(entries, dict):
        return path
    for key, held in sorted(entries.items()):
        bound = scope.bind(names[0], (*path, key), key).bind(names[1], (*path, key), held)
        if held is not None and bound.holds(inner) is wanted:
            return _blame(inner, wanted, bound) or (*path, key)
    return path


def _elements(items: ir.Items, scope: _Scope) -> list[_Element]:
    match items:
        case ir.Elems(value):
            path, found = _path(value, scope), scope.value(value)
            listed = enumerate(found) if is_list(found) else ()
            return [(path and (*path, str(index)), element) for index, element in listed if element is not None]
        case ir.Concat(parts):
            return [element for part in parts for element in _elements(part, scope)]
        case _:
            assert_never(items)


def _list_path(items: ir.Items, scope: _Scope) -> Path | None:
    return _path(items.value, scope) if isinstance(items, ir.Elems) else _list_path(items.parts[0], scope)


def _path(value: ir.Value, scope: _Scope) -> Path | None:
    match value:
        case ir.Obj():
            return ()
        case ir.Var(name):
            return scope.bound[name][0]
        case ir.Get(base, key):
            path = _path(base, scope)
            return None if path is None else (*path, key if isinstance(key, str) else str(key.default))
        case ir.Default(inner, fallback):
            return _path(fallback if scope.value(inner) is None and _path(fallback, scope) else inner, scope)
        case ir.Percent(inner) | ir.Scaled(inner, _, _) | ir.UrlPort(inner) | ir.Seconds(inner) | ir.Len(inner):
            return _path(inner, scope)
        case ir.Count(items, _, _) | ir.Flag(items, _, _):
            return _list_path(items, scope)
        case ir.Const() | ir.Param() | ir.Old() | ir.Known() | ir.PodSpec() | ir.PodMeta():
            return None
        case _:
            assert_never(value)
