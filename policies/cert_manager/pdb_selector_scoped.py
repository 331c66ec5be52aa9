"""cm-pdb-selector-scoped"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, in_namespaces, match, rule
from cmpolicy.kinds import PodDisruptionBudget

from ._budget_examples import component_in
from ._components import COMPONENT_LABEL, NAMESPACES, labels_of
from ._examples import budget as example
from ._helm import for_long_running
from ._selectors import may_select_components

_APP = {"matchLabels": {"app": "cert-manager"}}


def is_for_components(budget: PodDisruptionBudget) -> Condition:
    """It is labeled as a component's, or may select one's pods."""
    return labels_of(budget.metadata.labels) | may_select_components(budget.spec.selector)


@rule(
    severity="medium",
    match=match(PodDisruptionBudget).where(in_namespaces(NAMESPACES), is_for_components),
    message="PodDisruptionBudget {name} counts the pods of several components together",
    helm_values=for_long_running("podDisruptionBudget.enabled", True),
    remedy="Name one component in the selector: `app.kubernetes.io/component`",
    sources=["High Availability: PodDisruptionBudget"],
    good=[
        example("controller", minAvailable=1),
        example("webhook", selector=component_in("webhook")),
        {**example("x", selector={"matchLabels": {"app": "trust-manager"}}), "metadata": {"name": "trust-manager"}},
        example("webhook", namespace="elsewhere", selector={}),
    ],
    bad=[
        example("controller", selector=_APP),
        example("controller", selector={}),
        example("controller", selector=None),
        example("webhook", selector={"matchLabels": {"app.kubernetes.io/instance": "cert-manager"}}),
        example("webhook", selector=component_in("webhook", "cainjector")),
        example("cainjector", selector=component_in("webhook", operator="NotIn")),
        {**example("x", selector=_APP), "metadata": {"name": "own", "namespace": "cert-manager"}},
    ],
)
def pdb_selector_scoped(budget: PodDisruptionBudget) -> Condition:
    """Each disruption budget of cert-manager is for one component.

    A budget counts all pods that it selects as one crowd. If it spans components, one available pod of the cainjector is
    enough to let the last webhook be evicted.
    """
    selector = budget.spec.selector
    one_value = selector.matchExpressions.any(
        lambda each: (each.key == COMPONENT_LABEL) & (each.operator == "In") & (each.values.length() == 1)
    )
    return any_of(selector.matchLabels.has(COMPONENT_LABEL), one_value)
