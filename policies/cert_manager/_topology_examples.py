"""Parts of pods that tell how they are spread."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import labels
from ._topology import HOSTNAME


def selecting(component: str = "controller") -> JsonMap:
    """A label selector for a component's pods."""
    return {"matchLabels": labels(component)}


def spread(key: str = HOSTNAME, selector: Json = None, *, when: str = "ScheduleAnyway") -> JsonMap:
    """A spread constraint over this label of nodes; without a selector it has none."""
    constraint: JsonMap = {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": when}
    return constraint if selector is None else {**constraint, "labelSelector": selector}


def term(key: str = HOSTNAME, selector: Json = None, **fields: Json) -> JsonMap:
    """An affinity term over this label of nodes, by default for the controller's pods; `fields` adds to it."""
    return {"topologyKey": key, "labelSelector": selecting() if selector is None else selector, **fields}


def required(affinity: str, *terms: JsonMap) -> JsonMap:
    """A hard `podAffinity` or `podAntiAffinity`."""
    return {affinity: {"requiredDuringSchedulingIgnoredDuringExecution": list(terms)}}


def preferred(affinity: str, *terms: JsonMap) -> JsonMap:
    """A soft `podAffinity` or `podAntiAffinity`."""
    weighted: list[Json] = [{"weight": 100, "podAffinityTerm": term} for term in terms]
    return {affinity: {"preferredDuringSchedulingIgnoredDuringExecution": weighted}}
