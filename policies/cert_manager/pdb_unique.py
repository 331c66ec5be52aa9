"""cm-pdb-unique"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, where_known
from cmpolicy.kinds import Deployment

from ._budget_examples import WHOLE_NAMESPACE
from ._budgets import budgets_of
from ._components import long_running
from ._examples import budget, deployment, labels, other_webhook, unlabeled


@rule(
    severity="medium",
    match=long_running(Deployment),
    message="more than one PodDisruptionBudget selects the pods of {name}",
    remedy="Delete all but one of the budgets, or narrow their selectors to one component each",
    sources=["High Availability: PodDisruptionBudget"],
    profiles=("relations",),
    good=[
        where_known(deployment("webhook"), budget("webhook", minAvailable=1), budget("controller", minAvailable=1)),
        where_known(deployment(), WHOLE_NAMESPACE),
        where_known(deployment("webhook"), budget("webhook"), budget("webhook", namespace="elsewhere", minAvailable=1)),
        deployment(),
        other_webhook(),
    ],
    bad=[
        where_known(deployment("webhook"), budget("webhook", minAvailable=1), WHOLE_NAMESPACE),
        where_known(
            deployment(),
            budget("controller"),
            {**WHOLE_NAMESPACE, "spec": {"selector": {"matchLabels": labels("controller")}}},
        ),
        where_known(
            unlabeled(deployment("cainjector")),
            *({**WHOLE_NAMESPACE, "metadata": {"name": name, "namespace": "pki"}} for name in ("one", "two")),
        ),
    ],
)
def pdb_unique(deployment: Deployment) -> Condition:
    """At most one disruption budget selects the pods of a cert-manager component.

    The eviction API refuses to evict a pod that several budgets select, whatever they allow, so drains hang. Where
    none is known the rule passes; `cm-pdb-exists` asks for one.
    """
    return budgets_of(deployment).length() <= 1
