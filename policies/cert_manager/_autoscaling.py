"""HorizontalPodAutoscalers of cert-manager's Deployments, told by the names that the chart gives these."""

from __future__ import annotations

from cmpolicy.dsl import Condition, Match, in_namespaces, match
from cmpolicy.kinds import HorizontalPodAutoscaler

from ._components import NAMESPACES


def autoscalers() -> Match:
    """The autoscalers of Deployments in cert-manager's namespaces."""
    return match(HorizontalPodAutoscaler).where(in_namespaces(NAMESPACES), _scales_deployment)


def _scales_deployment(autoscaler: HorizontalPodAutoscaler) -> Condition:
    return autoscaler.spec.scaleTargetRef.kind == "Deployment"
