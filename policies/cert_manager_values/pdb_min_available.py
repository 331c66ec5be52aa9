"""cmv-pdb-min-available"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, match, rule, value_of
from cmpolicy.kinds import CertManagerValues

from ._components import Deployed, for_long_running, long_running
from ._examples import all_but_the_check, values
from ._profiles import BEST_PRACTICE


def _budget(**limits: int | str) -> dict[str, dict[str, int | str]]:
    return {"podDisruptionBudget": {"enabled": True, **limits}}


def _says_minimum(part: Deployed) -> Condition:
    return part.podDisruptionBudget.enabled.is_true() & part.podDisruptionBudget.minAvailable.exists()


def _says_both(part: Deployed) -> Condition:
    return _says_minimum(part) & part.podDisruptionBudget.maxUnavailable.exists()


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="a disruption budget does not keep exactly {exact} pod(s) available",
    helm_values={
        **for_long_running("podDisruptionBudget.minAvailable", value_of("exact"), _says_minimum),
        **for_long_running("podDisruptionBudget.maxUnavailable", None, _says_both),
    },
    sources=["High Availability: PodDisruptionBudget"],
    profiles=BEST_PRACTICE,
    good=[
        values(),
        values(**_budget()),
        values(podDisruptionBudget={"enabled": False, "minAvailable": 2}),
        all_but_the_check(_budget(minAvailable=1)),
        all_but_the_check(_budget(minAvailable=1), webhook=_budget(maxUnavailable=1)),
        values(cainjector={"enabled": False, **_budget(minAvailable=2)}),
    ],
    bad=[
        values(**_budget(minAvailable=2)),
        values(**_budget(minAvailable=0)),
        values(webhook=_budget(minAvailable="50%")),
        values(cainjector=_budget(minAvailable=1, maxUnavailable=1)),
    ],
)
def pdb_min_available(values: CertManagerValues, exact: int = 1, allow_max_unavailable: bool = True) -> Condition:
    """The disruption budgets of the values keep one pod of each component available.

    More, or a share of them all, may keep nodes from being drained. Where neither limit is set the chart writes
    `minAvailable: 1`; the API server refuses a budget that has both.

    Parameters:
        exact: Pods that `minAvailable` has to name
        allow_max_unavailable: Accept a budget that says `maxUnavailable` instead
    """

    def keeps(part: Deployed) -> Condition:
        budget = part.podDisruptionBudget
        says_minimum = (budget.minAvailable.number().default(1) == exact) & budget.maxUnavailable.absent()
        says_maximum = budget.maxUnavailable.exists() & budget.minAvailable.absent()
        return ~budget.enabled.is_true() | says_minimum | (given(allow_max_unavailable) & says_maximum)

    return long_running(values, keeps)
