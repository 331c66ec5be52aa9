"""The values that cert-manager's chart v1.21.1 takes, as far as a rule could set them: key and type, by component.

Facts, written down in a form of our own; `test_chart_keys.py` compares them with the chart's schema where it is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping

EVERY = ("", "webhook.", "cainjector.", "startupapicheck.")
LONG_RUNNING = EVERY[:3]

_OF_EVERY = """
    boolean  automountServiceAccountToken enableServiceLinks serviceAccount.automountServiceAccountToken serviceAccount.create
    string   image.digest image.name image.pullPolicy image.registry image.repository image.tag runtimeClassName
    string   serviceAccount.name
    object   affinity containerSecurityContext nodeSelector podAnnotations podLabels resources securityContext
    object   serviceAccount.annotations serviceAccount.labels
    array    extraArgs extraEnv tolerations volumeMounts volumes
"""
_OF_LONG_RUNNING = """
    number   replicaCount
    boolean  networkPolicy.enabled podDisruptionBudget.enabled
    string   featureGates podDisruptionBudget.unhealthyPodEvictionPolicy
    object   config deploymentAnnotations serviceAnnotations serviceLabels strategy
    array    networkPolicy.egress networkPolicy.ingress topologySpreadConstraints
    any      podDisruptionBudget.maxUnavailable podDisruptionBudget.minAvailable
"""
_OF_CHART = """
    boolean  cainjector.enabled disableAutoApproval dns01RecursiveNameserversOnly enableCertificateOwnerRef prometheus.enabled
    boolean  startupapicheck.enabled webhook.enableClientVerification webhook.hostNetwork
    boolean  global.hostUsers global.rbac.aggregateClusterRoles global.rbac.create
    number   global.logLevel global.revisionHistoryLimit maxConcurrentChallenges webhook.securePort webhook.timeoutSeconds
    number   startupapicheck.backoffLimit
    string   clusterResourceNamespace dns01RecursiveNameservers global.priorityClassName global.runtimeClassName
    string   imageNamespace imageRegistry webhook.serviceType
    object   global.commonLabels global.nodeSelector livenessProbe webhook.livenessProbe webhook.readinessProbe
    array    approveSignerNames extraContainers extraObjects hostAliases
"""


def _keys(table: str, prefixes: tuple[str, ...] = ("",)) -> dict[str, str]:
    rows = [line.split() for line in table.split("\n") if line.strip()]
    return {prefix + key: type_ for type_, *keys in rows for key in keys for prefix in prefixes}


KEYS: Mapping[str, str] = {**_keys(_OF_EVERY, EVERY), **_keys(_OF_LONG_RUNNING, LONG_RUNNING), **_keys(_OF_CHART)}
"""Dotted key to the JSON Schema type of its value, `any` where the schema names none."""
