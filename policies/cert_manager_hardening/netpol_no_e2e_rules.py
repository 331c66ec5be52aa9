"""cm-netpol-no-e2e-rules"""

from __future__ import annotations

from cmpolicy.dsl import Condition, String, rule
from cmpolicy.kinds import LabelSelector, NetworkPolicy, NetworkPolicyEgressRule

from ._cert_manager import MONITORING, component_policies, egress, is_for, labels, network_policy, ports
from ._netpol_examples import namespace_among, namespace_named
from ._sources import HARDENING, PAGE

_CONTROLLER = labels("controller")


@rule(
    severity="low",
    match=component_policies(),
    message="NetworkPolicy {name} lets cert-manager connect to servers of its own tests",
    remedy="Remove the rules for `bind`, `pebble` and `e2e-vault` from the controller's `networkPolicy.egress`",
    sources=[f"{PAGE}: the values file"],
    profiles=HARDENING,
    good=[
        egress({"ports": ports(443)}, {"ports": ports(53)}, labels=_CONTROLLER),
        egress({"to": [namespace_named("vault")], "ports": ports(8200)}, labels=_CONTROLLER),
        egress({"to": [namespace_named("my-e2e-vault"), namespace_named("pebbles")]}),
        egress({"to": [MONITORING], "ports": [{"port": 8000, "endPort": 9000}, {"port": "8053"}]}),
        network_policy(policyTypes=["Ingress"], egress=[{"to": [namespace_named("pebble")]}]),
        network_policy({"app": "trust-manager"}, egress=[{"to": [namespace_named("pebble")]}]),
    ],
    bad=[
        egress({"to": [namespace_named("bind")], "ports": ports(8053)}, labels=_CONTROLLER),
        egress({"to": [namespace_named("pebble")]}),
        egress({"to": [MONITORING]}, {"to": [MONITORING, namespace_named("e2e-vault-mtls")]}, labels=_CONTROLLER),
        egress({"to": [namespace_among("vault", "e2e-vault")]}),
        egress({"ports": [{"port": 443}, {"port": 8053, "protocol": "UDP"}]}),
        egress({"ports": ports(14000)}),
        network_policy(egress=[{"ports": ports(14000)}]),
    ],
)
def netpol_no_e2e_rules(policy: NetworkPolicy) -> Condition:
    """No network policy lets cert-manager connect to servers that only its own tests have.

    The values file that cert-manager publishes is also the one that it is tested with, and the rules for its test
    servers stand in it. In another cluster they open the controller to whoever makes a namespace of that name.
    """

    def is_of_tests(name: String) -> Condition:
        return name.is_in(["bind", "pebble"]) | name.starts_with("e2e-vault")

    def names_tests(selector: LabelSelector) -> Condition:
        by_expression = selector.matchExpressions.any(lambda each: each.values.any(is_of_tests))
        return selector.matchLabels.any(lambda key, value: is_of_tests(value)) | by_expression

    def is_left_over(allowed: NetworkPolicyEgressRule) -> Condition:
        to_tests = allowed.to.any(lambda peer: names_tests(peer.namespaceSelector) | names_tests(peer.podSelector))
        return to_tests | allowed.ports.any(lambda port: port.port.number().is_in([8053, 14000]))

    return policy.spec.egress.where(lambda allowed: is_for(policy, "Egress")).none(is_left_over)
