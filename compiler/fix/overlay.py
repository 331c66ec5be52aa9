"""Put what fixes findings over values that somebody already has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cmpolicy.diagnostics import CmpolicyError, Diagnostic, Level
from cmpolicy.fix.merge import name_in_list
from cmpolicy.manifests import read_file
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.reader import Document, read_text


def overlay(base: JsonMap, values: JsonMap) -> JsonMap:
    """The base with these values: maps key by key, a list with those of its items that no new item replaces."""
    return {**base, **{key: _over(key, base.get(key), value) for key, value in values.items()}}


def _over(key: str, mine: Json, value: Json) -> Json:
    if isinstance(mine, Mapping) and isinstance(value, Mapping):
        return overlay(mine, value)
    if not isinstance(mine, list) or not isinstance(value, list):
        return value
    names = [name_in_list(key, item) for item in value]
    return [*(item for item in mine if name_in_list(key, item) not in names), *value]


def read_base(path: Path) -> JsonMap:
    """The values of a chart in a file. Raises `CmpolicyError` if it cannot be read or is no map."""
    text = read_file(str(path))
    if isinstance(text, Diagnostic):
        raise CmpolicyError(text)
    documents = list(read_text(text, str(path)))
    problems = [each for each in documents if isinstance(each, Diagnostic) and each.level is Level.ERROR]
    if problems:
        raise CmpolicyError(*problems)
    match [each for each in documents if isinstance(each, Document)]:
        case []:
            return {}
        case [Document(Mapping() as values)]:
            return values
        case _:
            raise CmpolicyError(Diagnostic("base", "Helm values are one map", str(path), 1))
