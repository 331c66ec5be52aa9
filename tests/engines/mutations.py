"""Hostile variants of an example: what the field's type does not allow, and what lies close to the rule's constants.

Apart from the object's identity, which the engines need to load it, anything may become anything. Seeded, so that a
failure comes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from cmpolicy.ir import Const, Constant, Flag, Get, Param, Rule
from cmpolicy.passes.tree import walk_rule
from cmpolicy.values import Json, JsonMap

Step: TypeAlias = str | int
Place: TypeAlias = tuple[Step, ...]

SEED = 20260922
MOST_EDITS = 3
IDENTITY = frozenset({(), ("apiVersion",), ("kind",), ("metadata",), ("metadata", "name"), ("metadata", "namespace")})
TEXTS = (
    *("", " ", "*", "go?d", "a|b", "!x", ">5", "1-3", "(x)", "true", "false", "null", "<nil>", "%s %d %", "$(x)"),
    *("{{ request.object }}", "{{", "}}", "a\nb", "tab\t", "\"'`\\", "é", "😀", "\u212a", "\u0663", "x" * 250),
    *("0", "1", "3", "50%", "050%", "0%", "100%", "12345%", "-1%", "100m", "1Gi", "1024Mi", "1e3", "1E", "1K", "1gi"),
    *("1h", "1_0", "+1", "1.", ".5", "8Ei", "1n", "--x", "--x=y", "Exists"),
)
NUMBERS = (0, 1, -1, 2, 3, 1.0, 0.1, 1.5, 1e3, 1e21, 1e-7, 8443, 2**31, 2**53 - 1, 2**53 + 1)
OTHERS: tuple[Json, ...] = (None, True, False, [], {}, [None], [[]], [{}], ["a"], {"a": None}, {"a": 1}, {"": ""})


@dataclass(frozen=True, slots=True)
class Material:
    """What edits are made of: the keys that a rule reads and the values to put there."""

    keys: tuple[str, ...]
    values: tuple[Json, ...]


def material(rule: Rule) -> Material:
    """The rule's own keys and constants with near misses of these, which count for more, and the hostile values."""
    nodes = list(walk_rule(rule))
    keys = {node.key for node in nodes if isinstance(node, Get) and isinstance(node.key, str)}
    constants = [node.value for node in nodes if isinstance(node, Const)]
    constants += [node.default for node in nodes if isinstance(node, Param)]
    flags = [f"--{node.name}" for node in nodes if isinstance(node, Flag)]
    own = [near for constant in (*constants, *flags) for near in _near(constant)]
    return Material(tuple(sorted(keys)), (*own, *own, *OTHERS, *NUMBERS, *TEXTS))


def mutants(rule: Rule, amount: int) -> list[JsonMap]:
    """Up to this many different variants of the rule's examples, the same ones every time."""
    random = Random(f"{SEED} {rule.id}")
    made = material(rule)
    bases = [example.object for example in (*rule.about.good, *rule.about.bad)]
    found: dict[str, JsonMap] = {}
    for _ in range(4 * amount):
        variant = mutant(bases[random.randrange(len(bases))], made, random)
        found.setdefault(json.dumps(variant, sort_keys=True), variant)
        if len(found) == amount:
            break
    return list(found.values())


def mutant(manifest: JsonMap, made: Material, random: Random) -> JsonMap:
    """The manifest after one to three edits, deep ones and those under a key that the rule reads more often."""
    copy = deepcopy(dict(manifest))
    for _ in range(random.randint(1, MOST_EDITS)):
        paths = [path for path in _paths(copy) if path not in IDENTITY]
        if paths:
            weights = [len(path) * (5 if _last_key(path) in made.keys else 1) for path in paths]
            _edit(copy, random.choices(paths, weights)[0], made, random)
    return copy


def _edit(manifest: JsonMap, path: Place, made: Material, random: Random) -> None:
    """Change the value at the path, or what is in it or beside it, in place."""
    holder: Any = _at(manifest, path[:-1])
    step, value = path[-1], _at(manifest, path)
    match random.randrange(9):
        case 0:
            del holder[step]
        case 1:
            holder[step] = [value]
        case 2:
            holder[step] = {str(random.choice(made.keys or ("a",))): value}
        case 3 if isinstance(value, list):
            value.insert(random.randint(0, len(value)), random.choice([*value, None, *made.values]))
        case 4 if isinstance(value, dict) and made.keys:
            value[random.choice(made.keys)] = deepcopy(random.choice(made.values))
        case 5 if isinstance(value, list):
            value.reverse()
        case 6:
            holder[step] = None
        case _:
            holder[step] = deepcopy(random.choice(made.values))


def _near(constant: Constant) -> list[Json]:
    match constant:
        case bool():
            return [constant, not constant, str(constant).lower()]
        case str():
            return [constant, f"{constant}\n", f"{constant}x", f"x{constant}", constant.upper(), [constant]]
        case int() | float():
            return [constant, constant + 1, constant - 1, constant + 0.5, str(constant), f"{constant}%"]
        case _:
            return [list(constant), *(near for item in constant for near in _near(item))]


def _paths(value: Json, path: Place = ()) -> Iterator[Place]:
    yield path
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _paths(entry, (*path, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


def _at(value: Any, path: Place) -> Any:
    for step in path:
        value = value[step]
    return value


def _last_key(path: Place) -> Step:
    """The last step that is a key: an element counts as the list that it is in."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")
