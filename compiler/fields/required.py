"""Which fields an object must have for an API server to take it. `required.json` is made by `generate.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

REQUIRED_FILE = Path(__file__).with_name("required.json")


@cache
def _all() -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = json.loads(REQUIRED_FILE.read_text(encoding="utf-8"))
    return found


def required(type_name: str) -> tuple[str, ...]:
    """The fields that an object of this type must have, sorted; none of a type that the schemas do not know."""
    return tuple(_all().get(type_name, ()))
