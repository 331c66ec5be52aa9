"""Edits of JSON values that leave the value itself alone: what changes is copied, the rest is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from cmpolicy.evaluate.values import is_list
from cmpolicy.values import Json

Step: TypeAlias = str | int
Place: TypeAlias = tuple[Step, ...]
"""Keys of maps and indexes of lists, from the top."""


def at(value: Json, place: Place) -> Json:
    """What stands at the place; null if nothing does."""
    for step in place:
        if isinstance(step, str):
            if not isinstance(value, dict) and not isinstance(value, Mapping):
                return None
            value = value.get(step)
        elif is_list(value) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def put(value: Json, place: Place, new: Json) -> Json:
    """The value with `new` at the place. What is no map or list on the way becomes one; a list grows by nulls."""
    if not place:
        return new
    step, rest = place[0], place[1:]
    if isinstance(step, str):
        held: Mapping[str, Json] = value if isinstance(value, dict | Mapping) else {}
        return {**held, step: put(held.get(step), rest, new)}
    items = list(value) if is_list(value) else []
    items.extend([None] * (step + 1 - len(items)))
    items[step] = put(items[step], rest, new)
    return items


def drop(value: Json, place: Place) -> Json:
    """The value without the key or the element at the place; itself if nothing is there."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(step, str):
        if not isinstance(value, Mapping) or step not in value:
            return value
        if rest:
            return {**value, step: drop(value[step], rest)}
        return {key: held for key, held in value.items() if key != step}
    if not is_list(value) or step >= len(value):
        return value
    kept = [drop(value[step], rest)] if rest else []
    return [*value[:step], *kept, *value[step + 1 :]]


def places(value: Json, above: Place = ()) -> Iterator[Place]:
    """Every place in the value but the top, parents first."""
    if isinstance(value, Mapping):
        steps: list[Step] = list(value)
    else:
        steps = list(range(len(value))) if is_list(value) else []
    for step in steps:
        yield (*above, step)
        yield from places(at(value, (step,)), (*above, step))
