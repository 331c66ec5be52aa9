"""cm-pdb-replicas-exceed-min"""

from __future__ import annotations

from cmpolicy.dsl import Condition, only_for, rule, where_known
from cmpolicy.kinds import Deployment

from ._budget_examples import PAIRS_THAT_BLOCK, PAIRS_WITH_ROOM, budget_with
from ._budgets import budgets_of, leaves_room
from ._components import belongs_to, long_running
from ._examples import budget, deployment, other_webhook, unlabeled
from ._helm import for_long_running


@rule(
    severity="critical",
    match=long_running(Deployment),
    message="a PodDisruptionBudget wants as many pods of {name} as its {deployment.spec.replicas.default(1)} replica(s)",
    helm_values={
        **for_long_running("replicaCount", 2),
        "webhook.replicaCount": only_for(belongs_to("webhook"), 3),
    },
    controls=[
        "Kyverno policy require-replicas-allow-disruption",
        "Kyverno policy pdb-minavailable-check",
        "Gatekeeper K8sPodDisruptionBudget",
    ],
    sources=["High Availability: PodDisruptionBudget"],
    profiles=("relations",),
    good=[
        *(
            where_known(deployment("webhook", replicas=replicas), budget_with("webhook", spec))
            for replicas, spec in PAIRS_WITH_ROOM
        ),
        where_known(deployment(replicas=2), budget("webhook", minAvailable=5), budget("controller", minAvailable=1)),
        where_known(deployment(replicas=1), budget("controller", namespace="elsewhere", minAvailable=1)),
        deployment(replicas=1),
        other_webhook(),
    ],
    bad=[
        *(
            where_known(deployment("webhook", replicas=replicas), budget_with("webhook", spec))
            for replicas, spec in PAIRS_THAT_BLOCK
        ),
        where_known(
            deployment("cainjector", replicas=2),
            budget("cainjector", minAvailable=1),
            {**budget("cainjector", minAvailable=2), "metadata": {"name": "more", "namespace": "cert-manager"}},
        ),
        where_known(
            unlabeled(deployment(replicas=1)),
            {**budget("controller", minAvailable=1), "metadata": {"name": "x", "namespace": "pki"}},
        ),
    ],
)
def pdb_replicas_exceed_min(deployment: Deployment) -> Condition:
    """Each long-running component of cert-manager has more replicas than its disruption budget wants available.

    A budget that wants every replica allows no eviction: drains wait forever, and so do upgrades of the cluster. A
    percentage is of the replicas and rounded up, as the eviction API does it. Where no budget is known that selects the
    Deployment's pods, there is nothing to compare and the rule passes; `cm-pdb-exists` asks for one.
    """
    return budgets_of(deployment).all(lambda budget: leaves_room(budget, deployment))
