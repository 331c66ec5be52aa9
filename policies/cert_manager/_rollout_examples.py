"""Webhook Deployments that differ in their rollout."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import deployment


def rollout(kind: str = "RollingUpdate", *, replicas: int | None, **rolling: Json) -> JsonMap:
    """A webhook Deployment with this strategy; without settings of its own it has no `rollingUpdate`."""
    strategy: JsonMap = {"type": kind, **({"rollingUpdate": rolling} if rolling else {})}
    return deployment("webhook", replicas=replicas, strategy=strategy)
