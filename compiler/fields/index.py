"""The Kubernetes field index: which kinds there are, and which fields their types have.

`index.json` is made by `generate.py`. Written by hand are `crds.json`: kinds that clusters get from others, and of their
fields those that rules read; and `charts.json`: the values of charts as kinds of their own (see `charts.py`). All are read
on the first question, and each type is parsed when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from cmpolicy import ir

INDEX_FILE = Path(__file__).with_name("index.json")
CRDS_FILE = Path(__file__).with_name("crds.json")
CHARTS_FILE = Path(__file__).with_name("charts.json")


class Scalar(StrEnum):
    """The type of a field that holds a single value; `ANY` is one that the schema leaves open."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    QUANTITY = "quantity"
    INT_OR_STRING = "int_or_string"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of items of one type."""

    item: FieldType


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from strings to values of one type."""

    value: FieldType


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An object whose fields are `fields(name)`."""

    name: str


FieldType: TypeAlias = Scalar | ListOf | MapOf | ObjectType


@dataclass(frozen=True, slots=True)
class Field:
    """A field's type, and the first and last Kubernetes version that has it, such as `1.29`; None is no limit."""

    type: FieldType
    since: str | None = None
    until: str | None = None


def spell(field: Field) -> str:
    """A field as the index writes it: `[]Container`, `{}quantity`, `string 1.27-`, `boolean -1.31`."""
    window = f"{field.since or ''}-{field.until or ''}"
    return _spell_type(field.type) + ("" if window == "-" else f" {window}")


def _spell_type(type_: FieldType) -> str:
    match type_:
        case Scalar():
            return type_.value
        case ListOf(item):
            return f"[]{_spell_type(item)}"
        case MapOf(value):
            return f"{{}}{_spell_type(value)}"
        case ObjectType(name):
            return name


def parse(spelling: str) -> Field:
    """The field that `spell` wrote."""
    type_, _, window = spelling.partition(" ")
    since, _, until = window.partition("-")
    return Field(_parse_type(type_), since or None, until or None)


def _parse_type(spelling: str) -> FieldType:
    if spelling.startswith("[]"):
        return ListOf(_parse_type(spelling[2:]))
    if spelling.startswith("{}"):
        return MapOf(_parse_type(spelling[2:]))
    return ObjectType(spelling) if spelling[0].isupper() else Scalar(spelling)


@dataclass(frozen=True, slots=True)
class Index:
    """The whole index: the versions it covers, kinds by their type's name, and per type its fields as spelled."""

    versions: tuple[str, str]
    kinds: Mapping[str, ir.Kind]
    types: Mapping[str, Mapping[str, str]]


@cache
def load() -> Index:
    """The index as shipped."""
    return with_others(read(INDEX_FILE))


def with_others(index: Index) -> Index:
    """The index, and the kinds that are written by hand."""
    crds, charts = read(CRDS_FILE), read(CHARTS_FILE)
    kinds = {**index.kinds, **crds.kinds, **charts.kinds}
    return Index(index.versions, kinds, {**index.types, **crds.types, **charts.types})


@cache
def custom_kinds() -> frozenset[ir.Kind]:
    """The kinds that clusters get from others, by a CustomResourceDefinition."""
    return frozenset(read(CRDS_FILE).kinds.values())


def read(file: Path) -> Index:
    """The index in a file."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    first, last = raw.get("versions", ("", ""))
    return Index((first, last), {name: ir.Kind(*kind) for name, kind in raw["kinds"].items()}, raw["types"])


@cache
def _by_full_name() -> Mapping[str, str]:
    return {str(kind): name for name, kind in load().kinds.items()}


def kind(name: str) -> tuple[ir.Kind, ObjectType]:
    """A kind by short name (`Deployment`) or in full (`apps/v1/Deployment`). Raises `KeyError` for an unknown one."""
    short = _by_full_name().get(name, name)
    return load().kinds[short], ObjectType(short)


def kinds() -> tuple[str, ...]:
    """The short names of all kinds, sorted."""
    return tuple(sorted(load().kinds))


@cache
def fields(type_name: str) -> Mapping[str, Field]:
    """The fields of a type, sorted by name. Raises `KeyError` for an unknown type."""
    return MappingProxyType({name: parse(spelling) for name, spelling in load().types[type_name].items()})


def is_custom(kind: ir.Kind) -> bool:
    """Whether clusters get the kind from others."""
    return kind in custom_kinds()


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that someone who wrote `name` most likely meant, if any is close."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None
