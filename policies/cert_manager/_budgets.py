"""Disruption budgets: which of them hold for a Deployment's pods, and how many pods they ask for."""

from __future__ import annotations

from cmpolicy.dsl import Condition, List, others, selects
from cmpolicy.kinds import Deployment, PodDisruptionBudget


def budgets_of(deployment: Deployment) -> List[PodDisruptionBudget]:
    """The known budgets that select the Deployment's pods."""
    return others(PodDisruptionBudget, beside=deployment).where(lambda budget: holds_for(budget, deployment))


def holds_for(budget: PodDisruptionBudget, deployment: Deployment) -> Condition:
    """The budget selects the Deployment's pods, by the labels of their template; both are in one namespace."""
    return selects(budget.spec.selector, deployment.spec.template.metadata.labels)


def leaves_room(budget: PodDisruptionBudget, deployment: Deployment) -> Condition:
    """The Deployment has more replicas than the budget wants available; a percentage of them is rounded up."""
    replicas, least = deployment.spec.replicas.default(1), budget.spec.minAvailable
    return least.exists().implies(replicas > least.of(replicas, up=True))
