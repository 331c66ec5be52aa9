"""The components' parts of the values: the controller's stand at the root."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cmpolicy.dsl import Condition, List, String, all_of
from cmpolicy.kinds import CertManagerValues, ValuesComponent, Volume

Part: TypeAlias = "CertManagerValues | ValuesComponent"


def every(values: CertManagerValues, holds: Callable[[Part], Condition]) -> Condition:
    """It holds for every component that is not switched off."""
    return all_of(long_running(values, holds), _if_on(values.startupapicheck, holds))


def long_running(values: CertManagerValues, holds: Callable[[Part], Condition]) -> Condition:
    """It holds for every component that has a Deployment and is not switched off."""
    return all_of(holds(values), holds(values.webhook), _if_on(values.cainjector, holds))


def _if_on(part: ValuesComponent, holds: Callable[[Part], Condition]) -> Condition:
    return holds(part) | part.enabled.is_false()


def priority_class(values: CertManagerValues) -> String:
    """The priority class of every pod; `global` is a word that Python keeps to itself."""
    name: String = getattr(values, "global").priorityClassName
    return name


def token_volumes(part: Part) -> List[Volume]:
    """The volumes that project a ServiceAccount's token."""
    return part.volumes.where(
        lambda volume: volume.projected.sources.any(lambda each: each.serviceAccountToken.exists())
    )


def explicit(part: Part, holds: Condition) -> Condition:
    """It holds where the component's token is not mounted automatically."""
    return holds | ~part.automountServiceAccountToken.is_false()
