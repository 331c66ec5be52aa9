"""Containers that differ in their resources."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import container, sidecar

MEMORY: JsonMap = {"memory": "128Mi"}


def resources(requests: Json = None, limits: Json = None) -> JsonMap:
    """A container's resources; None leaves a part out."""
    parts: JsonMap = {"requests": requests, "limits": limits}
    return {name: part for name, part in parts.items() if part is not None}


def sized(requests: Json = None, limits: Json = None) -> JsonMap:
    """A controller's container with these requests and limits."""
    return container("controller", resources=resources(requests, limits))


def sized_sidecar(requests: Json = None, limits: Json = None) -> JsonMap:
    """Another container with these requests and limits."""
    return sidecar(resources=resources(requests, limits))
