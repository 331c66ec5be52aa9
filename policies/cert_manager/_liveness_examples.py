"""Components that differ in their probes."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import container, deployment, livez

PORTS: list[Json] = [
    {"name": "http-metrics", "containerPort": 9402},
    {"name": "http-healthz", "containerPort": 9403},
]
"""The ports of the controller."""


def probed(probe: Json, component: str = "controller", **fields: Json) -> JsonMap:
    """A component's Deployment with this liveness probe, null if it is None; `fields` adds to the container."""
    return deployment(component, containers=[container(component, livenessProbe=probe, **fields)])


def timed(component: str = "controller", **timing: Json) -> JsonMap:
    """A component's Deployment with a liveness probe of this timing."""
    return probed({**livez("http-healthz"), **timing}, component)
