"""Token volumes that differ in their sources."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._token_examples import explicit, token_volume


def of(*sources: JsonMap) -> JsonMap:
    """A Deployment whose token volume has these sources."""
    return explicit(volumes=[token_volume(*sources)])


def ca(**fields: Json) -> JsonMap:
    """The CA's source; a field that is None is left out, others replace its own."""
    return {"configMap": _given({"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}], **fields})}


def namespace_file(**reference: Json) -> JsonMap:
    """The namespace's source; a field of the reference that is None is left out, others replace its own."""
    field = _given({"apiVersion": "v1", "fieldPath": "metadata.namespace", **reference})
    return {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}}


def _given(fields: JsonMap) -> JsonMap:
    return {name: value for name, value in fields.items() if value is not None}
