"""Cainjectors that differ in their command lines."""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.values import Json, JsonMap

from ._examples import container, deployment

FROM_NAMESPACE: JsonMap = {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}


def cainjector_with(*args: str, namespace: str = "cert-manager", env: Sequence[Json] = ()) -> JsonMap:
    """The cainjector's Deployment with these arguments and environment variables."""
    containers = [container("cainjector", args=list(args), env=list(env))]
    return deployment("cainjector", namespace=namespace, containers=containers)
