"""cm-unused-components-off"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, none_of, only_for, rule
from cmpolicy.kinds import Deployment

from ._cert_manager import COMPONENT_LABEL, belongs_to, long_running, other_webhook, unlabeled
from ._cert_manager import deployment as example
from ._sources import guide


@rule(
    severity="info",
    match=long_running(Deployment),
    message="{name} runs a component of cert-manager's that is not used",
    helm_values={"cainjector.enabled": only_for(belongs_to("cainjector"), False)},
    remedy="Leave the component out of the install, or out of `unused`",
    docs="https://cert-manager.io/docs/installation/best-practice/",
    sources=guide("T-21"),
    profiles=("least-functionality",),
    good=[example(), example("webhook"), other_webhook(), unlabeled(example("webhook"))],
    bad=[
        example("cainjector"),
        example("cainjector", replicas=2),
        unlabeled(example("cainjector")),
        {**example("cainjector"), "spec": {"replicas": 1}},
    ],
)
def unused_components_off(deployment: Deployment, unused: Sequence[str] = ("cainjector",)) -> Condition:
    """Components of cert-manager that an install does not use do not run in it.

    Each component holds rights: the cainjector reads Secrets and writes the webhooks of the whole cluster. Where another
    tool puts CA certificates into them, it serves nobody, and what is not there cannot be taken over. The label
    `app.kubernetes.io/component` of the Deployment or of its pods says which component it is.

    Parameters:
        unused: Components that the install does without: controller, webhook, cainjector
    """
    template = deployment.spec.template
    return none_of(*(each.metadata.labels[COMPONENT_LABEL].is_in(unused) for each in (deployment, template)))
