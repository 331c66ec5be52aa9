"""JSON Schemas as data: how they are joined, negated and nested along a path.

Every function keeps what the schemas accept, on every JSON value; the results are only smaller or flatter. The subset
is read alike by drafts 4 to 2020-12 as far as `contains` with bounds allows: no `$schema`, no siblings of `$ref`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from cmpolicy.values import Json

Schema: TypeAlias = dict[str, Json]

ANYTHING: Schema = {}
NOTHING: Schema = {"not": {}}
NULL: Schema = {"type": "null"}
NOT_NULL: Schema = {"not": NULL}


def all_of(schemas: Iterable[Schema]) -> Schema:
    """What all of these accept: steps into an object are merged, `{a: S}` and `{a: T}` into one `{a: all of S, T}`."""
    flat = [part for schema in schemas for part in _parts(schema, "allOf") if part != ANYTHING]
    if NOTHING in flat:
        return NOTHING
    steps, others = [part for part in flat if _is_step(part)], _unique([part for part in flat if not _is_step(part)])
    return _joined("allOf", [_merged(steps), *others] if steps else others) if flat else ANYTHING


def any_of(schemas: Iterable[Schema]) -> Schema:
    """What one of these accepts at least: steps to the same key are merged, `{a: S}` or `{a: T}` into `{a: S or T}`."""
    flat = [part for schema in schemas for part in _parts(schema, "anyOf") if part != NOTHING]
    flat = _unique(_joined_steps(_unique(flat)))
    if not flat:
        return NOTHING
    return ANYTHING if ANYTHING in flat else _joined("anyOf", flat)


def negated(schema: Schema) -> Schema:
    """What the schema does not accept."""
    match schema:
        case {"not": dict(inner), **rest} if not rest:
            return inner
        case _:
            return {"not": schema}


def at(keys: Sequence[str], schema: Schema) -> Schema:
    """Objects in which this path of keys leads to a value that the schema accepts."""
    if schema == NOTHING:
        return NOTHING
    for key in reversed(keys):
        schema = {"type": "object", "required": [key], "properties": {key: schema}}
    return schema


def unless_absent(keys: Sequence[str], schema: Schema) -> Schema:
    """Everything but objects in which this path of keys leads to a value that the schema does not accept."""
    if schema == ANYTHING:
        return ANYTHING
    for key in reversed(keys):
        schema = {"properties": {key: schema}}
    return schema


def accepts_null(schema: Schema) -> bool:
    """Whether null is valid; only for schemas without references that are not to a type of their own."""
    match schema:
        case {"type": kind} if kind != "null":
            return False
        case {"const": _} | {"enum": _} | {"$ref": _}:
            return False
        case {"not": dict(inner)} if accepts_null(inner):
            return False
        case {"allOf": list(parts)} if not all(accepts_null(part) for part in parts):
            return False
        case {"anyOf": list(parts)} if not any(accepts_null(part) for part in parts):
            return False
        case {"if": dict(test), "then": dict(then), "else": dict(otherwise)}:
            return accepts_null(then if accepts_null(test) else otherwise)
        case _:
            return True


def _parts(schema: Schema, word: str) -> list[Schema]:
    match schema:
        case {**keywords} if len(keywords) == 1 and isinstance(parts := keywords.get(word), list):
            return parts
        case _:
            return [schema]


def _joined(word: str, schemas: Sequence[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {word: list(schemas)}


_json_text = json.JSONEncoder(sort_keys=True).encode


def _unique(schemas: Iterable[Schema]) -> list[Schema]:
    found: list[Schema] = []
    for schema in schemas:
        if not any(schema == other and _is_same(schema, other) for other in found):
            found.append(schema)
    return found


def _is_same(schema: Schema, equal: Schema) -> bool:
    """Python's equality takes True for 1, JSON text does not."""
    return _json_text(schema) == _json_text(equal)


def _is_step(schema: Schema) -> bool:
    return (
        bool(schema) and schema.keys() <= {"type", "required", "properties"} and schema.get("type") in ("object", None)
    )


def _merged(steps: Sequence[Schema]) -> Schema:
    merged: Schema = {"type": "object"} if any("type" in step for step in steps) else {}
    required = list(dict.fromkeys(key for step in steps for key in _list(step, "required")))
    if required:
        merged["required"] = required
    grouped: dict[str, list[Schema]] = {}
    for step in steps:
        for key, schema in _map(step, "properties").items():
            grouped.setdefault(key, []).append(schema)
    if grouped:
        merged["properties"] = {key: all_of(schemas) for key, schemas in grouped.items()}
    return merged


def _joined_steps(schemas: Sequence[Schema]) -> list[Schema]:
    """Alternatives with those that are steps to one and the same key joined, at the place of the first."""
    by_key: dict[tuple[str, str | int], list[Schema]] = {}
    for index, schema in enumerate(schemas):
        key = _only_key(schema)
        by_key.setdefault(("place", index) if key is None else ("key", key), []).append(schema)
    return [group[0] if len(group) == 1 else _one_step(group) for group in by_key.values()]


def _only_key(schema: Schema) -> str | None:
    """The key of a schema that `at` or `unless_absent` made."""
    properties = _map(schema, "properties")
    if len(properties) != 1:
        return None
    ((key, inner),) = properties.items()
    return key if schema in (at([key], inner), unless_absent([key], inner)) else None


def _one_step(steps: Sequence[Schema]) -> Schema:
    key = _only_key(steps[0])
    assert key is not None
    schema = any_of(_map(step, "properties")[key] for step in steps)
    return at([key], schema) if all("required" in step for step in steps) else unless_absent([key], schema)


def _list(schema: Schema, word: str) -> list[str]:
    value = schema.get(word, [])
    assert isinstance(value, list)
    return value


def _map(schema: Schema, word: str) -> dict[str, Schema]:
    value = schema.get(word, {})
    assert isinstance(value, dict)
    return value
