"""Merge what several rules ask of the values of one chart. Nothing is dropped in silence: what cannot stand together is told.

Maps are merged key by key, and so are lists: an item is known by what Kubernetes or a program knows it by (the name of a
volume, the name of a flag), any other by all of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cmpolicy.values import Json, JsonMap

Path: TypeAlias = tuple[str, ...]

_DOT = re.compile(r"(?<!\\)\.")
_NAMED_BY: Mapping[str, str] = {
    "volumes": "name",
    "volumeMounts": "mountPath",
    "extraContainers": "name",
    "extraEnv": "name",
    "topologySpreadConstraints": "topologyKey",
}
"""Last key of a list to the field by which its items are known."""
_FLAG_LISTS = ("args", "extraArgs")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a rule asks for, by dotted key; a dot that is part of a key has a backslash before it, as for Helm."""

    key: str
    value: Json
    rule: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that cannot be set, because another rule's stands there."""

    key: str
    kept: Json
    by: tuple[str, ...]
    refused: Json
    rule: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is set at a path, and the rules that ask for it. It is no map."""

    value: Json
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """One tree of values, by the paths of its leaves in order, and what did not fit into it."""

    leaves: Mapping[Path, Leaf] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()

    @property
    def values(self) -> JsonMap:
        """The tree itself."""
        tree: dict[str, Json] = {}
        for path, leaf in self.leaves.items():
            _set(tree, path, leaf.value)
        return tree


def merge(settings: Iterable[Setting]) -> Merged:
    """The settings as one tree; of two that cannot stand together the earlier is kept."""
    leaves: dict[Path, Leaf] = {}
    conflicts: list[Conflict] = []
    for setting in settings:
        for path, value in _leaves(keys_of(setting.key), setting.value):
            conflicts += _add(leaves, path, value, setting.rule)
    return Merged(dict(sorted(leaves.items())), tuple(conflicts))


def keys_of(dotted: str) -> Path:
    """`nodeSelector.kubernetes\\.io/os` is `nodeSelector`, then `kubernetes.io/os`."""
    return tuple(key.replace("\\.", ".") for key in _DOT.split(dotted))


def dotted(path: Path) -> str:
    """The path as a dotted key."""
    return ".".join(key.replace(".", "\\.") for key in path)


def _leaves(path: Path, value: Json) -> Iterator[tuple[Path, Json]]:
    """What is to be set where. An empty map sets nothing: Helm merges it into what is there."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    else:
        yield path, list(value) if isinstance(value, tuple) else value


def _add(leaves: dict[Path, Leaf], path: Path, value: Json, rule: str) -> Iterator[Conflict]:
    """Put a value at its path; yield what does not fit."""
    near = next((each for each in leaves if each != path and _clash(each, path)), None)
    if near is not None:
        yield Conflict(dotted(path), leaves[near].value, leaves[near].rules, value, rule)
    elif path not in leaves:
        leaves[path] = Leaf(value, (rule,))
    else:
        kept = leaves[path]
        together, refused = _together(path[-1], kept.value, value)
        adds = not refused or together != kept.value
        leaves[path] = Leaf(together, (*kept.rules, rule) if adds and rule not in kept.rules else kept.rules)
        yield from (Conflict(dotted(path), mine, kept.rules, theirs, rule) for mine, theirs in refused)


def _clash(path: Path, other: Path) -> bool:
    """One is inside the other, so that a map would have to be something else too."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _together(key: str, kept: Json, value: Json) -> tuple[Json, list[tuple[Json, Json]]]:
    """Both values in one, and the parts of the second that cannot be there, each after what is in its place."""
    if _same(kept, value):
        return kept, []
    if not isinstance(kept, list) or not isinstance(value, Sequence) or isinstance(value, str):
        return kept, [(kept, value)]
    items, refused = list(kept), []
    for item in value:
        there = next((each for each in items if name_in_list(key, each) == name_in_list(key, item)), None)
        if there is None:
            items.append(item)
        elif not _same(there, item):
            refused.append((there, item))
    return items, refused


def _same(one: Json, other: Json) -> bool:
    """Equality in which true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def name_in_list(key: str, item: Json) -> Json:
    """What an item of the list under this key is known by."""
    if key in _FLAG_LISTS and isinstance(item, str) and item.startswith("-"):
        return item.partition("=")[0]
    if isinstance(item, Mapping) and key in _NAMED_BY and _NAMED_BY[key] in item:
        return item[_NAMED_BY[key]]
    return item


def _set(tree: dict[str, Json], path: Path, value: Json) -> None:
    *parents, last = path
    for key in parents:
        inner = tree.setdefault(key, {})
        assert isinstance(inner, dict), path
        tree = inner
    tree[last] = value
