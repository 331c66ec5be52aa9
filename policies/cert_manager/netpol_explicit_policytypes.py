"""cm-netpol-explicit-policytypes"""

from __future__ import annotations

from cmpolicy.dsl import Condition, in_namespaces, match, rule
from cmpolicy.kinds import NetworkPolicy

from ._components import NAMESPACES, labels_of
from ._examples import labels
from ._netpol_examples import network_policy

_SHORT_NAMES = ["cert-manager", "webhook", "cainjector", "startupapicheck"]


def selects_components(policy: NetworkPolicy) -> Condition:
    """It selects every pod of its namespace, or a component by the labels of its pods."""
    selector = policy.spec.podSelector
    every_pod = selector.matchLabels.is_empty() & selector.matchExpressions.is_empty()
    return every_pod | labels_of(selector.matchLabels) | selector.matchLabels["app"].is_in(_SHORT_NAMES)


@rule(
    severity="low",
    match=match(NetworkPolicy).where(in_namespaces(NAMESPACES), selects_components),
    message="NetworkPolicy {name} leaves its directions to be guessed",
    remedy="List every direction that the policy is meant for in `policyTypes`",
    sources=["Network Requirements and Network Policy"],
    manifest_only=True,
    good=[
        network_policy(policyTypes=["Ingress"], ingress=[]),
        network_policy(policyTypes=["Egress"], egress=[]),
        network_policy(labels("webhook"), policyTypes=["Ingress", "Egress"], egress=[{}]),
        network_policy(labels("controller"), policyTypes=["Ingress"], egress=None),
        network_policy({"app": "trust-manager"}, egress=[]),
        network_policy(labels("istio-csr"), egress=[]),
        network_policy(namespace="elsewhere", egress=[]),
    ],
    bad=[
        network_policy(egress=[]),
        network_policy({}, egress=[]),
        network_policy(policyTypes=[], ingress=[]),
        network_policy(policyTypes=None),
        network_policy(policyTypes="Egress", egress=[]),
        network_policy(policyTypes=["Ingress"], egress=[]),
        network_policy(labels("webhook"), policyTypes=["Ingress"], ingress=[], egress=[{}]),
        network_policy(labels("controller"), ingress=[{}]),
        network_policy({"app": "cainjector"}, egress=[{}]),
    ],
)
def netpol_explicit_policytypes(policy: NetworkPolicy) -> Condition:
    """The NetworkPolicies of cert-manager's pods say which directions they are for.

    Without `policyTypes` Kubernetes concludes from the rules: always ingress, and egress only if there is an egress
    rule. An empty list of egress rules, meant to deny all of them, then denies nothing, and a policy written for egress
    also cuts the webhook off. The API server writes its conclusion into the object, so only the manifest shows it.
    """
    types = policy.spec.policyTypes
    return ~types.is_empty() & policy.spec.egress.exists().implies(types.contains("Egress"))
