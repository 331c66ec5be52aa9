"""The objects that a rule may look up, besides the one it judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmpolicy.ir import Kind
from cmpolicy.values import Json, JsonMap

DEFAULT_NAMESPACE = "default"
NOTHING: JsonMap = {}
"""What is known where there are no other objects."""


def inventory(objects: Iterable[JsonMap]) -> JsonMap:
    """The objects by kind, as `v1/Namespace`, and then by namespace; under "" those of the kind in all namespaces."""
    found: dict[str, dict[str, list[Json]]] = {}
    for each in objects:
        of_kind = found.setdefault(f"{each.get('apiVersion')}/{each.get('kind')}", {})
        for namespace in ("", _namespace(each)):
            of_kind.setdefault(namespace, []).append(each)
    return {kind: {**of_kind} for kind, of_kind in found.items()}


def known(objects: Json, kind: Kind, namespace: Json) -> Json:
    """`ir.Known` in a namespace."""
    return _list(objects, kind, namespace) if isinstance(namespace, str) and namespace else []


def known_everywhere(objects: Json, kind: Kind) -> Json:
    """`ir.Known` without a namespace."""
    return _list(objects, kind, "")


def _list(objects: Json, kind: Kind, namespace: str) -> Json:
    of_kind = objects.get(str(kind)) if isinstance(objects, Mapping) else None
    return of_kind.get(namespace, []) if isinstance(of_kind, Mapping) else []


def _namespace(each: JsonMap) -> str:
    """The object's namespace, which is `default` where it names none, as for `kubectl`."""
    metadata = each.get("metadata")
    named = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    return named if isinstance(named, str) and named else DEFAULT_NAMESPACE
