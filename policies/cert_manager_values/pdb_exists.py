"""cmv-pdb-exists"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import Deployed, for_long_running, long_running
from ._examples import BUDGET, OFF, all_but_the_check, values
from ._profiles import BEST_PRACTICE


def _has_budget(part: Deployed) -> Condition:
    return part.podDisruptionBudget.enabled.is_true()


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="not every component that runs for long has podDisruptionBudget.enabled",
    helm_values=for_long_running("podDisruptionBudget.enabled", True, lambda part: ~_has_budget(part)),
    sources=["High Availability: PodDisruptionBudget"],
    profiles=BEST_PRACTICE,
    good=[all_but_the_check(BUDGET), all_but_the_check(BUDGET, cainjector=OFF)],
    bad=[
        values(),
        values(**BUDGET),
        all_but_the_check(BUDGET, webhook={"podDisruptionBudget": {"enabled": False}}),
        all_but_the_check(BUDGET, cainjector={"podDisruptionBudget": {"minAvailable": 1}}),
    ],
)
def pdb_exists(values: CertManagerValues) -> Condition:
    """The values give each long-running component a disruption budget.

    The chart makes none, and then a drain may stop all pods of a component at the same time.
    """
    return long_running(values, _has_budget)
