"""cm-no-hpa-on-leader-elected"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import HorizontalPodAutoscaler

from ._autoscaling import autoscalers
from ._autoscaling_examples import autoscaler as example


@rule(
    severity="medium",
    match=autoscalers(),
    message="{name} scales {autoscaler.spec.scaleTargetRef.name}, in which only one replica works",
    remedy="Delete the autoscaler, and give the component more CPU and memory in its `resources`",
    controls=["Gatekeeper K8sHorizontalPodAutoscaler"],
    sources=["High Availability: controller and cainjector", "Scalability: controller and cainjector"],
    good=[
        example("cert-manager-webhook"),
        example("cert-manager", kind="StatefulSet"),
        example("cert-manager", namespace="elsewhere"),
    ],
    bad=[
        example("cert-manager"),
        example("cert-manager-cainjector"),
        example("cert-manager", minReplicas=2),
    ],
)
def no_hpa_on_leader_elected(
    autoscaler: HorizontalPodAutoscaler, names: Sequence[str] = ("cert-manager", "cert-manager-cainjector")
) -> Condition:
    """No autoscaler adds replicas to the controller or the cainjector.

    One replica of these works, whatever the load, so more of them never bring the load down and the autoscaler goes on to
    its maximum. They scale vertically.

    Parameters:
        names: Names of the Deployments that elect a leader
    """
    return ~autoscaler.spec.scaleTargetRef.name.is_in(names)
