"""cm-netpol-no-allow-all-ingress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, List, rule
from cmpolicy.kinds import NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort

from ._examples import labels
from ._netpol import component_policies, is_every_address, is_every_pod, is_for
from ._netpol_examples import ANYWHERE, MONITORING, ingress, network_policy, ports


@rule(
    severity="high",
    match=component_policies(),
    message="NetworkPolicy {name} lets everybody in",
    remedy="Name the clients in `from`, in the component's `networkPolicy.ingress` of the chart or in your own policy",
    controls=["BSI APP.4.4.A7"],
    sources=["Network Requirements and Network Policy"],
    good=[
        ingress(),
        ingress({"from": [MONITORING], "ports": ports("http-metrics")}),
        ingress({"ports": ports("https")}, labels=labels("webhook")),
        ingress({"from": [ANYWHERE], "ports": ports(10250)}),
        ingress({"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "prometheus"}}}]}),
        ingress({"from": [{"podSelector": {}}]}),
        network_policy(policyTypes=["Egress"], ingress=[{}]),
        network_policy({"app": "trust-manager"}, ingress=[{}]),
        network_policy(namespace="elsewhere", ingress=[{}]),
    ],
    bad=[
        ingress({}),
        ingress({"from": [MONITORING]}, {"from": []}),
        network_policy(ingress=[{"ports": ports(9402)}]),
        ingress({"ports": ports("https", "http-metrics")}, labels=labels("webhook")),
        ingress({"ports": [{"port": 10250, "endPort": 10260}]}),
        ingress({"ports": ports("10250")}),
        ingress({"from": [MONITORING, ANYWHERE]}),
        ingress({"from": [{"ipBlock": {"cidr": "::/0"}}], "ports": ports(9402)}),
        ingress({"from": [{"namespaceSelector": {}}]}, labels={"app": "cainjector"}),
    ],
)
def netpol_no_allow_all_ingress(
    policy: NetworkPolicy,
    exempt_port_names: Sequence[str] = ("https",),
    exempt_port_numbers: Sequence[int] = (10250,),
) -> Condition:
    """No network policy lets everybody connect to cert-manager's pods.

    A policy that allows every client protects nothing, and it looks as if it did. Only the webhook's own port may be
    open: the API server calls it, and on most clusters no selector and no address range tells the API server apart.

    Parameters:
        exempt_port_names: Names of ports that may be open to everybody
        exempt_port_numbers: Numbers of ports that may be open to everybody
    """

    def is_exempt(port: NetworkPolicyPort) -> Condition:
        listed = port.port.string().is_in(exempt_port_names) | port.port.number().is_in(exempt_port_numbers)
        return listed & port.endPort.absent()

    def is_open(allowed: NetworkPolicyIngressRule) -> Condition:
        peers: List[NetworkPolicyPeer] = allowed["from"]
        anyone = peers.is_empty() | peers.any(lambda peer: is_every_address(peer) | is_every_pod(peer))
        return (allowed.ports.is_empty() | ~allowed.ports.all(is_exempt)) & anyone

    return policy.spec.ingress.where(lambda allowed: is_for(policy, "Ingress")).none(is_open)
