"""cm-pdb-min-available"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, rule
from cmpolicy.kinds import PodDisruptionBudget

from ._components import LONG_RUNNING, labeled_objects
from ._examples import budget
from ._helm import for_long_running


@rule(
    severity="medium",
    match=labeled_objects(PodDisruptionBudget, components=LONG_RUNNING),
    message="PodDisruptionBudget {name} does not keep exactly {exact} pod(s) available",
    helm_values={
        **for_long_running("podDisruptionBudget.enabled", True),
        **for_long_running("podDisruptionBudget.minAvailable", 1),
    },
    controls=["Learnk8s: set Pod disruption budgets"],
    sources=["High Availability: PodDisruptionBudget"],
    good=[
        budget("controller", minAvailable=1),
        budget("webhook", minAvailable=1, maxUnavailable=None),
        budget("cainjector", maxUnavailable=1),
        budget("webhook", maxUnavailable="50%"),
        budget("webhook", namespace="elsewhere", minAvailable=2),
    ],
    bad=[
        budget("controller", minAvailable=2),
        budget("controller", minAvailable="50%"),
        budget("controller", minAvailable="1"),
        budget("cainjector", minAvailable=0),
        budget("webhook", minAvailable=1, maxUnavailable=1),
        budget("webhook"),
        budget("webhook", minAvailable=None),
    ],
)
def pdb_min_available(budget: PodDisruptionBudget, exact: int = 1, allow_max_unavailable: bool = True) -> Condition:
    """cert-manager's disruption budgets keep one pod of each component available.

    When nodes are drained one after the other, a budget makes the drain wait until a replacement runs. One pod is
    what each component needs, and more would only slow the drain down. The API server refuses a budget that sets both
    fields, and one that sets neither protects nothing.

    Parameters:
        exact: Pods that `minAvailable` has to name
        allow_max_unavailable: Accept a budget that says `maxUnavailable` instead
    """
    spec = budget.spec
    says_minimum = (spec.minAvailable.number() == exact) & spec.maxUnavailable.absent()
    says_maximum = spec.maxUnavailable.exists() & spec.minAvailable.absent()
    return says_minimum | (given(allow_max_unavailable) & says_maximum)
