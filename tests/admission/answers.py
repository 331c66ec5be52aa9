"""What a server answered about odd manifests, and how answers are compared with what the model says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from cmpolicy import ir
from cmpolicy.admission import ALLOCATED, SERVER_WRITTEN
from cmpolicy.admission.fills import JOB_UID
from cmpolicy.admission.plugins import TOKEN_PREFIX, TOKEN_VOLUME
from cmpolicy.evaluate.values import is_list
from cmpolicy.fields import index
from cmpolicy.values import Json, JsonMap

HERE = Path(__file__).parent
MANIFESTS = HERE / "odd_manifests.yaml"
ANSWERS = HERE / "odd_answers.yaml"
Loaded: TypeAlias = Any

_KINDS = {(kind.api_version, kind.kind): kind for kind in index.load().kinds.values()}
_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def load(file: Path) -> list[Loaded]:
    """The documents of a file."""
    return list(yaml.safe_load_all(file.read_text(encoding="utf-8")))


def kind_of(manifest: JsonMap) -> ir.Kind | None:
    """The manifest's kind; None if the field index has none of this name."""
    return _KINDS.get((str(manifest.get("apiVersion")), str(manifest.get("kind"))))


def comparable(value: JsonMap) -> JsonMap:
    """The object without nulls, and without what a server writes of its own accord or chooses at random."""
    metadata = {key: held for key, held in _map(value.get("metadata")).items() if key not in SERVER_WRITTEN}
    own = {key: held for key, held in value.items() if key != "status"}
    given = {**own, "spec": _without_addresses(_map(own.get("spec")))} if value.get("kind") == "Service" else own
    return _map(_settled({**given, "metadata": metadata}))


def _without_addresses(spec: JsonMap) -> JsonMap:
    """The spec of a Service."""
    held = spec.get("ports")
    ports = (
        [{key: each for key, each in _map(port).items() if key != "nodePort"} for port in held] if is_list(held) else []
    )
    return {**{key: each for key, each in spec.items() if key not in ALLOCATED}, "ports": ports}


def _map(value: Json) -> JsonMap:
    return value if isinstance(value, Mapping) else {}


def _settled(value: Json) -> Json:
    match value:
        case Mapping():
            return {key: _settled(held) for key, held in value.items() if held is not None}
        case str():
            named = TOKEN_VOLUME if value.startswith(TOKEN_PREFIX) and len(value) == len(TOKEN_VOLUME) else value
            return _UID.sub(JOB_UID, named)
        case _ if is_list(value):
            return [_settled(each) for each in value]
        case _:
            return value


def differences(expected: Json, actual: Json, path: str = "") -> Iterator[str]:
    """Every field in which two values differ, a line each."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in sorted({*expected, *actual}):
            yield from differences(expected.get(key), actual.get(key), f"{path}.{key}")
    elif is_list(expected) and is_list(actual) and len(expected) == len(actual):
        for number, (left, right) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(left, right, f"{path}[{number}]")
    elif expected != actual or type(expected) is not type(actual):
        yield f"{path}: the server has {expected!r}, the model {actual!r}"
