"""Values of cert-manager's chart: a component's values stand under its name, the controller's at the root."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

_PREFIXES = ("", "webhook.", "cainjector.", "startupapicheck.")


def for_every_component(key: str, value: Json) -> JsonMap:
    """`{key: value, "webhook." + key: value, ...}`"""
    return {prefix + key: value for prefix in _PREFIXES}


def for_long_running(key: str, value: Json) -> JsonMap:
    """The same for the components that have a Deployment."""
    return {prefix + key: value for prefix in _PREFIXES[:3]}
