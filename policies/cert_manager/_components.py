"""cert-manager's components: which objects belong to one, told by namespace and labels as the chart sets them."""

from __future__ import annotations

from cmpolicy.dsl import Match, Object, in_namespaces, labeled, match, parameter

NAMESPACES = parameter("namespaces", ["cert-manager"], "Namespaces that cert-manager is installed in")

_COMPONENT = "app.kubernetes.io/component"
_NAME = "app.kubernetes.io/name"


def component(name: str, *kinds: type[Object]) -> Match:
    """Objects of one component; its name label is the component's, but for the controller, whose chart name may vary."""
    labels = {_COMPONENT: name} if name == "controller" else {_COMPONENT: name, _NAME: name}
    return match(*kinds).where(in_namespaces(NAMESPACES), labeled(labels))


def controller(*kinds: type[Object]) -> Match:
    """Objects of the controller."""
    return component("controller", *kinds)


def webhook(*kinds: type[Object]) -> Match:
    """Objects of the webhook."""
    return component("webhook", *kinds)


def cainjector(*kinds: type[Object]) -> Match:
    """Objects of the cainjector."""
    return component("cainjector", *kinds)
