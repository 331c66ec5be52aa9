"""cmv-pdb-exists"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import long_running
from ._examples import BUDGETS, each, values


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="{name} does not set podDisruptionBudget.enabled for every component",
    helm_values={
        "podDisruptionBudget.enabled": True,
        "webhook.podDisruptionBudget.enabled": True,
        "cainjector.podDisruptionBudget.enabled": True,
    },
    sources=["High Availability: PodDisruptionBudget"],
    good=[each(BUDGETS), each(BUDGETS, startupapicheck={}), each(BUDGETS, cainjector={"enabled": False})],
    bad=[values(), values(**BUDGETS), each(BUDGETS, webhook={"podDisruptionBudget": {"enabled": False}})],
)
def pdb_exists(values: CertManagerValues) -> Condition:
    """The values switch the disruption budgets on.

    Without one a drain may take every replica at once.
    """
    return long_running(values, lambda part: part.podDisruptionBudget.enabled.is_true())
