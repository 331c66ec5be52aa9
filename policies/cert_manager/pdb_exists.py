"""cm-pdb-exists"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, where_known
from cmpolicy.kinds import Deployment

from ._budget_examples import selecting
from ._budgets import budgets_of
from ._components import long_running
from ._examples import budget, deployment, labels, other_webhook, unlabeled
from ._helm import for_long_running

_OTHER = budget("webhook", minAvailable=1)


@rule(
    severity="high",
    match=long_running(Deployment),
    message="no PodDisruptionBudget selects the pods of {name}",
    helm_values={
        **for_long_running("podDisruptionBudget.enabled", True),
        **for_long_running("podDisruptionBudget.minAvailable", 1),
    },
    controls=["Kyverno policy require-pdb", "Learnk8s: set Pod disruption budgets"],
    sources=["High Availability: PodDisruptionBudget"],
    profiles=("relations", "best-practice"),
    good=[
        where_known(deployment(), _OTHER, budget("controller", minAvailable=1)),
        where_known(deployment(), selecting({"matchLabels": {"app.kubernetes.io/name": "cert-manager"}})),
        where_known(deployment(), selecting({})),
        where_known(deployment("webhook"), budget("webhook", maxUnavailable=1)),
        where_known(
            deployment("cainjector"),
            selecting(
                {
                    "matchLabels": labels("cainjector"),
                    "matchExpressions": [
                        {"key": "app.kubernetes.io/component", "operator": "In", "values": ["x", "cainjector"]},
                        {"key": "app.kubernetes.io/name", "operator": "Exists"},
                        {"key": "app.kubernetes.io/name", "operator": "NotIn", "values": ["webhook"]},
                        {"key": "tier", "operator": "DoesNotExist"},
                    ],
                }
            ),
        ),
        other_webhook(),
    ],
    bad=[
        deployment(),
        where_known(deployment(), _OTHER),
        where_known(deployment(), budget("controller", namespace="elsewhere", minAvailable=1)),
        where_known(deployment(), selecting(None)),
        where_known(deployment(), selecting({"matchLabels": {**labels("controller"), "app": "x"}})),
        where_known(
            deployment(), selecting({"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In"}]})
        ),
        unlabeled(deployment("webhook")),
    ],
)
def pdb_exists(deployment: Deployment) -> Condition:
    """Each long-running component of cert-manager has a disruption budget.

    Without one, a drain may stop all pods of a component at the same time: while the webhook is away nobody can write
    cert-manager resources, and while the controller is, certificates are not renewed. Where no budget is known that
    selects the pods of the Deployment's template, the rule fails. Helm applies budgets before Deployments.
    """
    return ~budgets_of(deployment).is_empty()
