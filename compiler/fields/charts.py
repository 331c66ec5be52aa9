"""What charts take as values: facts of one version of each, from its schema and its own values.

`charts.json` holds, in our own form: the chart and its version by the kind that stands for its values, the types of that
kind, the types that take other keys than theirs (`open`), and what the chart sets itself (`defaults`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cmpolicy import ir
from cmpolicy.fields.index import CHARTS_FILE
from cmpolicy.values import JsonMap

OBJECT_FIELDS = frozenset({"apiVersion", "kind", "metadata"})
"""Fields of the kind that make an object of values; no chart has them as values."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one version: the values that it sets itself, the types of its values, and those that take any key."""

    name: str
    version: str
    defaults: JsonMap
    types: frozenset[str]
    open_types: frozenset[str]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@cache
def chart(kind: ir.Kind) -> Chart:
    """The chart whose values are of this kind. Raises `KeyError` for a kind of anything else."""
    raw = json.loads(CHARTS_FILE.read_text(encoding="utf-8"))
    about: Mapping[str, str] = raw["charts"][kind.kind]
    defaults: JsonMap = raw["defaults"][kind.kind]
    return Chart(about["name"], about["version"], defaults, frozenset(raw["types"]), frozenset(raw["open"]))
