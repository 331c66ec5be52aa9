"""Values of cert-manager's chart: a component's values stand under its name, the controller's at the root."""

from __future__ import annotations

from collections.abc import Callable

from cmpolicy.values import Json, JsonMap

_PREFIXES = ("", "webhook.", "cainjector.", "startupapicheck.")
_LONG_RUNNING = {"controller": "", "webhook": "webhook.", "cainjector": "cainjector."}


def for_every_component(key: str, value: Json) -> JsonMap:
    """`{key: value, "webhook." + key: value, ...}`"""
    return {prefix + key: value for prefix in _PREFIXES}


def for_long_running(key: str, value: Json) -> JsonMap:
    """The same for the components that have a Deployment."""
    return for_each_long_running(key, lambda component: value)


def for_each_long_running(key: str, value: Callable[[str], Json]) -> JsonMap:
    """The same with a value that differs by the component's name."""
    return {prefix + key: value(component) for component, prefix in _LONG_RUNNING.items()}
