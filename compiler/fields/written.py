"""How an API server writes the fields of a type: which stay though they are empty, which are there though nobody set them.

`written.json` is made from the types of k8s.io/api by `tests/cluster/written_fields.py`. All other fields are left out where
they are false, 0, "", [] or {}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WRITTEN_FILE = Path(__file__).with_name("written.json")


@dataclass(frozen=True, slots=True)
class Written:
    """`kept` fields tell an empty value from none and stay as they are set; `always` fields are there in any case."""

    kept: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()


@cache
def _all() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = json.loads(WRITTEN_FILE.read_text(encoding="utf-8"))
    return found


@cache
def written(type_name: str) -> Written:
    """How the fields of this type are written. Raises `KeyError` for a type that the newest Kubernetes does not have."""
    lists = _all()[type_name]
    return Written(frozenset(lists.get("kept", ())), frozenset(lists.get("always", ())))
