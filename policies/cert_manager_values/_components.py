"""The components' parts of the values: those of the controller stand at the root, the others under their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cmpolicy.dsl import Condition, HelmValues, ValueOf, all_of, any_of, only_for
from cmpolicy.kinds import (
    CertManagerValues,
    ValuesCainjector,
    ValuesStartupapicheck,
    ValuesWebhook,
)
from cmpolicy.values import Json

Deployed: TypeAlias = "CertManagerValues | ValuesWebhook | ValuesCainjector"
Part: TypeAlias = "Deployed | ValuesStartupapicheck"

LISTS = "Helm replaces a list as a whole: keep your own items beside these"


def every(values: CertManagerValues, holds: Callable[[Part], Condition]) -> Condition:
    """It holds for each component that the values do not switch off."""
    return all_of(
        long_running(values, holds), values.startupapicheck.enabled.is_false() | holds(values.startupapicheck)
    )


def long_running(values: CertManagerValues, holds: Callable[[Deployed], Condition]) -> Condition:
    """It holds for each component that has a Deployment and that the values do not switch off."""
    return all_of(holds(values), holds(values.webhook), values.cainjector.enabled.is_false() | holds(values.cainjector))


def for_every(key: str, value: Json, lacks: Callable[[Part], Condition]) -> HelmValues:
    """`{key: value, "webhook." + key: value, ...}`, each where the component lacks it."""
    return {
        **for_long_running(key, value, lacks),
        f"startupapicheck.{key}": only_for(lambda values: _lacking(values.startupapicheck, lacks), value),
    }


def for_long_running(key: str, value: Json | ValueOf, lacks: Callable[[Deployed], Condition]) -> HelmValues:
    """The same for the components that have a Deployment."""
    return {
        key: only_for(lambda values: lacks(values), value),
        f"webhook.{key}": only_for(lambda values: lacks(values.webhook), value),
        f"cainjector.{key}": only_for(lambda values: _lacking(values.cainjector, lacks), value),
    }


def _lacking(part: ValuesCainjector | ValuesStartupapicheck, lacks: Callable[..., Condition]) -> Condition:
    return any_of(lacks(part)) & ~part.enabled.is_false()
