"""cmv-pdb-min-available"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import Part, long_running
from ._examples import each, values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} enables a disruption budget that does not keep {minimum} replica(s)",
    helm_values={
        "podDisruptionBudget.minAvailable": 1,
        "webhook.podDisruptionBudget.minAvailable": 1,
        "cainjector.podDisruptionBudget.minAvailable": 1,
    },
    sources=["High Availability: PodDisruptionBudget"],
    good=[
        values(),
        values(podDisruptionBudget={"enabled": True}),
        each({"podDisruptionBudget": {"enabled": True, "minAvailable": 1}}),
    ],
    bad=[
        values(podDisruptionBudget={"enabled": True, "minAvailable": 2}),
        values(webhook={"podDisruptionBudget": {"enabled": True, "maxUnavailable": 1}}),
    ],
)
def pdb_min_available(values: CertManagerValues, minimum: int = 1) -> Condition:
    """The disruption budgets of the values keep one replica.

    More than one, or a share of them all, may keep nodes from being drained.

    Parameters:
        minimum: Replicas that a budget keeps
    """

    def keeps(part: Part) -> Condition:
        budget = part.podDisruptionBudget
        # The chart writes 1 where neither limit is set.
        unset = budget.minAvailable.absent() & budget.maxUnavailable.absent()
        return ~budget.enabled.is_true() | unset | (budget.minAvailable == minimum)

    return long_running(values, keeps)
