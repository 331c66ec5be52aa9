"""cm-netpol-no-allow-all-egress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, rule
from cmpolicy.kinds import NetworkPolicy, NetworkPolicyEgressRule

from ._examples import labels
from ._netpol import component_policies, is_every_address, is_for
from ._netpol_examples import ANYWHERE, MONITORING, egress, network_policy, ports


@rule(
    severity="high",
    match=component_policies(),
    message="NetworkPolicy {name} lets cert-manager connect to every port of every server",
    remedy="Name servers or ports, in the component's `networkPolicy.egress` of the chart or in your own policy",
    controls=["BSI APP.4.4.A7"],
    sources=["Network Requirements and Network Policy"],
    good=[
        egress(),
        egress({"ports": ports(443)}),
        egress({"to": [ANYWHERE], "ports": ports(443, 6443)}, labels=labels("controller")),
        egress({"to": [MONITORING]}),
        egress({"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}),
        network_policy(policyTypes=["Ingress"], egress=[{}]),
        network_policy({"app": "trust-manager"}, egress=[{}]),
        network_policy(namespace="elsewhere", egress=[{}]),
    ],
    bad=[
        egress({}),
        network_policy(egress=[{}]),
        egress({"to": [], "ports": []}),
        egress({"ports": ports(443)}, {"ports": None}),
        egress({"to": [MONITORING, ANYWHERE]}, labels=labels("controller")),
        egress({"to": [{"ipBlock": {"cidr": "::/0", "except": ["fc00::/7"]}}]}),
        egress({}, labels={"app": "cainjector"}),
    ],
)
def netpol_no_allow_all_egress(policy: NetworkPolicy, strict: bool = False) -> Condition:
    """No network policy lets cert-manager's pods connect to every port of every server.

    A pod that is taken over then cannot carry the keys that it holds to just any place. Addresses of ACME servers and
    DNS providers change, so a rule that names only the port is accepted unless the check is strict.

    Parameters:
        strict: Ask for the servers in every rule, not only for the ports
    """

    def is_open(allowed: NetworkPolicyEgressRule) -> Condition:
        anyone = allowed.to.is_empty() | allowed.to.any(is_every_address)
        return (allowed.ports.is_empty() & anyone) | (given(strict) & allowed.to.is_empty())

    return policy.spec.egress.where(lambda allowed: is_for(policy, "Egress")).none(is_open)
