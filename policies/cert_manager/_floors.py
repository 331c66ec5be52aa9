"""What containers get: whether somebody said how much, and the least that a component's own container needs."""

from __future__ import annotations

from cmpolicy.dsl import Condition, Map, Quantity
from cmpolicy.kinds import Deployment

from ._components import own_containers


def gives(amounts: Map[Quantity], resource: str) -> Condition:
    """They set an amount of the resource; 0, which an API server also makes of null, is as good as none."""
    return amounts.has(resource) & ~(amounts[resource] <= "0")


def memory_limit_at_least(deployment: Deployment, component: str, floor: str) -> Condition:
    """The memory limits of the component's containers, where they have one, are no lower than this quantity."""
    return own_containers(deployment.spec.template.spec, component).all(
        lambda own: gives(own.resources.limits, "memory").implies(own.resources.limits["memory"] >= floor)
    )


def cpu_request_at_least(deployment: Deployment, component: str, floor: str) -> Condition:
    """The CPU requests of the component's containers, where they have one, are no lower than this quantity."""
    return own_containers(deployment.spec.template.spec, component).all(
        lambda own: gives(own.resources.requests, "cpu").implies(own.resources.requests["cpu"] >= floor)
    )
