"""cm-webhook-hpa-floor"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import HorizontalPodAutoscaler

from ._autoscaling import autoscalers
from ._autoscaling_examples import autoscaler as example


@rule(
    severity="medium",
    match=autoscalers(),
    message="{name} may leave {autoscaler.spec.minReplicas.default(1)} replica(s) of the webhook; keep at least {minimum}",
    remedy="Raise `spec.minReplicas` of the autoscaler",
    controls=["Datree HPA_MISSING_MINREPLICAS_KEY", "Gatekeeper K8sHorizontalPodAutoscaler"],
    sources=["High Availability: webhook", "Scalability: webhook"],
    good=[
        example("cert-manager-webhook", minReplicas=3),
        example("cert-manager-webhook", minReplicas=4),
        example("other-webhook", minReplicas=1),
        example("cert-manager-webhook", namespace="elsewhere"),
    ],
    bad=[
        example("cert-manager-webhook"),
        example("cert-manager-webhook", minReplicas=2),
        example("cert-manager-webhook", minReplicas=None),
    ],
)
def webhook_hpa_floor(
    autoscaler: HorizontalPodAutoscaler, minimum: int = 3, names: Sequence[str] = ("cert-manager-webhook",)
) -> Condition:
    """An autoscaler of the cert-manager webhook keeps three or more replicas.

    The autoscaler overrides the Deployment's own number, and without `minReplicas` it goes down to one when nothing
    happens. The webhook is needed most when something starts to.

    Parameters:
        minimum: Replicas that are enough
        names: Names of the webhook's Deployments
    """
    is_webhook = autoscaler.spec.scaleTargetRef.name.is_in(names)
    return is_webhook.implies(autoscaler.spec.minReplicas.default(1) >= minimum)
