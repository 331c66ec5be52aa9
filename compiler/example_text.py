"""Examples in a few words: how each differs from the most similar one with the other verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from cmpolicy.flow import flow
from cmpolicy.values import Json, JsonMap

Path: TypeAlias = tuple[str | int, ...]

NAMES: tuple[Path, ...] = (("apiVersion",), ("metadata", "name"))

MOST_EXAMPLES = 6
MOST_DIFFERENCES = 3
LONGEST_VALUE = 60


def summaries(examples: Sequence[JsonMap], others: Sequence[JsonMap]) -> list[str]:
    """What each of the first examples has that the one most like it of the others has not, and how many follow."""
    shown = [_summary(example, others) for example in examples[:MOST_EXAMPLES]]
    rest = len(examples) - len(shown)
    return [*dict.fromkeys(shown), *([f"{rest} more"] if rest else [])]


def _summary(example: JsonMap, others: Sequence[JsonMap]) -> str:
    candidates = [list(_differences(example, other, ())) for other in others]
    fewest = _telling(min(candidates, key=len, default=[]))
    shown = [_difference(path, value) for path, value in fewest[:MOST_DIFFERENCES]]
    return ", ".join(shown + ["…"] * (len(fewest) > MOST_DIFFERENCES)) or str(example.get("kind", "an object"))


def _telling(differences: list[tuple[Path, Json]]) -> list[tuple[Path, Json]]:
    """Without what every other object differs in, unless nothing else does."""
    return [each for each in differences if each[0] not in NAMES] or differences


def _differences(value: Json, other: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    """The places where the two differ, with what `value` has there; null where it has nothing."""
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys((*value, *other)):
            yield from _differences(value.get(key), other.get(key), (*path, key))
    elif isinstance(value, list | tuple) and isinstance(other, list | tuple):
        for index in range(max(len(value), len(other))):
            mine, its = (side[index] if index < len(side) else None for side in (value, other))
            yield from _differences(mine, its, (*path, index))
    elif (type(value), value) != (type(other), other):
        yield path, value


def _difference(path: Path, value: Json) -> str:
    return f"{_tail(path)} absent" if value is None else f"{_tail(path)}: {_shown(value)}"


def _tail(path: Path) -> str:
    """The end of a path from its outermost list on, else its last key: `containers[0].image`, `replicas`."""
    first = next((place for place, step in enumerate(path) if isinstance(step, int)), len(path))
    steps = path[max(first - 1, 0) :]
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _shown(value: Json) -> str:
    text = flow(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
