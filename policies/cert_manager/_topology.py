"""How a Deployment's pods are spread over nodes and zones."""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of
from cmpolicy.kinds import PodSpec

HOSTNAME = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"


def spreads_over(pod: PodSpec, key: str) -> Condition:
    """It keeps away from others over this label of nodes: by a spread constraint or by anti-affinity, hard or soft."""
    away = pod.affinity.podAntiAffinity
    return any_of(
        pod.topologySpreadConstraints.any(lambda constraint: constraint.topologyKey == key),
        away.requiredDuringSchedulingIgnoredDuringExecution.any(lambda term: term.topologyKey == key),
        away.preferredDuringSchedulingIgnoredDuringExecution.any(lambda term: term.podAffinityTerm.topologyKey == key),
    )
