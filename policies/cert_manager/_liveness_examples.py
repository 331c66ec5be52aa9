"""Controllers that differ in their liveness probe."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import container, deployment


def probed(probe: Json) -> JsonMap:
    """The controller's Deployment with this liveness probe, null if it is None."""
    return deployment(containers=[container("controller", livenessProbe=probe)])
