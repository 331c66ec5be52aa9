"""cm-pdb-not-blocking"""

from __future__ import annotations

from cmpolicy.dsl import Condition, none_of, rule
from cmpolicy.kinds import PodDisruptionBudget

from ._components import LONG_RUNNING, labeled_objects
from ._examples import budget
from ._helm import for_long_running


@rule(
    severity="high",
    match=labeled_objects(PodDisruptionBudget, components=LONG_RUNNING),
    message="PodDisruptionBudget {name} never lets a pod be evicted",
    helm_values=for_long_running("podDisruptionBudget.minAvailable", 1),
    controls=[
        "Kyverno policy pdb-maxunavailable",
        "Kyverno policy require-reasonable-pdbs",
        "Gatekeeper K8sPodDisruptionBudget",
    ],
    sources=["High Availability: PodDisruptionBudget"],
    good=[
        budget("controller", minAvailable=1),
        budget("webhook", minAvailable="50%"),
        budget("webhook", minAvailable="99%"),
        budget("cainjector", maxUnavailable=1),
        budget("cainjector", maxUnavailable="1%"),
        budget("webhook"),
        budget("webhook", namespace="elsewhere", maxUnavailable=0),
    ],
    bad=[
        budget("controller", maxUnavailable=0),
        budget("webhook", maxUnavailable="0%"),
        budget("cainjector", minAvailable="100%"),
        budget("cainjector", minAvailable="100%", maxUnavailable=1),
    ],
)
def pdb_not_blocking(budget: PodDisruptionBudget) -> Condition:
    """cert-manager's disruption budgets allow some disruption.

    A budget that never allows one does not protect cert-manager. It stops the drain of every node that runs one of its
    pods, so upgrades of the cluster hang until someone deletes the budget.
    """
    most, least = budget.spec.maxUnavailable, budget.spec.minAvailable
    return none_of(most == 0, most.percent() == 0, least.percent() >= 100)
