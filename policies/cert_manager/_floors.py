"""The least that a component's own container needs, where somebody said how much it gets."""

from __future__ import annotations

from cmpolicy.dsl import Condition
from cmpolicy.kinds import Deployment

from ._components import own_containers


def memory_limit_at_least(deployment: Deployment, component: str, floor: str) -> Condition:
    """The memory limits of the component's containers, where they have one, are no lower than this quantity."""
    return own_containers(deployment.spec.template.spec, component).all(
        lambda own: own.resources.limits.has("memory").implies(own.resources.limits["memory"] >= floor)
    )


def cpu_request_at_least(deployment: Deployment, component: str, floor: str) -> Condition:
    """The CPU requests of the component's containers, where they have one, are no lower than this quantity."""
    return own_containers(deployment.spec.template.spec, component).all(
        lambda own: own.resources.requests.has("cpu").implies(own.resources.requests["cpu"] >= floor)
    )
