"""cm-pdb-min-below-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, in_namespaces, match, others, rule, where_known
from cmpolicy.kinds import Deployment, PodDisruptionBudget

from ._budget_examples import PAIRS_THAT_BLOCK, PAIRS_WITH_ROOM, budget_with
from ._budgets import holds_for, leaves_room
from ._components import NAMESPACES, is_long_running
from ._examples import budget, deployment, sidecar
from ._helm import for_long_running


@rule(
    severity="critical",
    match=match(PodDisruptionBudget).where(in_namespaces(NAMESPACES)),
    message="PodDisruptionBudget {name} wants every pod of a cert-manager Deployment",
    helm_values=for_long_running("podDisruptionBudget.minAvailable", 1),
    controls=["Kyverno policy deployment-replicas-higher-than-pdb", "Gatekeeper K8sPodDisruptionBudget"],
    sources=["High Availability: PodDisruptionBudget"],
    profiles=("relations",),
    good=[
        *(
            where_known(budget_with("webhook", spec), deployment("webhook", replicas=replicas))
            for replicas, spec in PAIRS_WITH_ROOM
        ),
        where_known(budget("webhook", minAvailable=2), deployment("webhook", replicas=3), deployment(replicas=1)),
        where_known(budget("webhook", minAvailable=1), deployment("webhook", replicas=1, namespace="elsewhere")),
        where_known(budget("istio-csr", minAvailable=1), deployment("istio-csr", replicas=1, containers=[sidecar()])),
        budget("webhook", minAvailable=1),
        where_known(
            budget("webhook", namespace="elsewhere", minAvailable=1), deployment("webhook", namespace="elsewhere")
        ),
    ],
    bad=[
        *(
            where_known(budget_with("webhook", spec), deployment("webhook", replicas=replicas))
            for replicas, spec in PAIRS_THAT_BLOCK
        ),
        where_known(
            {**budget("controller"), "spec": {"selector": {}, "minAvailable": 2}},
            deployment("webhook", replicas=3),
            deployment("cainjector", replicas=2),
        ),
    ],
)
def pdb_min_below_replicas(budget: PodDisruptionBudget) -> Condition:
    """A disruption budget on cert-manager wants fewer pods available than each Deployment has that it selects.

    This is the other side of `cm-pdb-replicas-exceed-min`: a budget that is changed later, while the Deployment stays as
    it is, blocks drains just the same. Where no Deployment of cert-manager is known that the budget selects, the rule
    passes: Helm applies budgets first, so at an install nothing is there yet.
    """
    return (
        others(Deployment, beside=budget)
        .where(is_long_running)
        .where(lambda deployment: holds_for(budget, deployment))
        .all(lambda deployment: leaves_room(budget, deployment))
    )
