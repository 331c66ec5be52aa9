"""Controls of other catalogues that several rules share."""

from __future__ import annotations

REPLICAS = (
    "BSI SYS.1.6.A25",
    "BSI APP.4.4.A19",
    "Datree DEPLOYMENT_INCORRECT_REPLICAS_VALUE",
    "Kyverno policy deployment-has-multiple-replicas",
    "Gatekeeper K8sReplicaLimits",
    "Learnk8s: run more than one replica",
)
LIVENESS = (
    "BSI APP.4.4.A11",
    "Datree CONTAINERS_MISSING_LIVENESSPROBE_KEY",
    "Kyverno policy require-pod-probes",
    "Gatekeeper K8sRequiredProbes",
)
