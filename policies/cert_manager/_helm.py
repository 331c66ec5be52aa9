"""Values of cert-manager's chart: a component's values stand under its name, the controller's at the root."""

from __future__ import annotations

from cmpolicy.dsl import HelmValues, only_for
from cmpolicy.values import Json

from ._components import ALL, LONG_RUNNING, belongs_to


def for_every_component(key: str, value: Json) -> HelmValues:
    """`{key: value, "webhook." + key: value, ...}`, each for the objects of its component."""
    return _for(ALL, key, value)


def for_long_running(key: str, value: Json) -> HelmValues:
    """The same for the components that have a Deployment."""
    return _for(LONG_RUNNING, key, value)


def _for(components: tuple[str, ...], key: str, value: Json) -> HelmValues:
    return {_prefix(component) + key: only_for(belongs_to(component), value) for component in components}


def _prefix(component: str) -> str:
    return "" if component == "controller" else f"{component}."
