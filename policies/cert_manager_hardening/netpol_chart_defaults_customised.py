"""cm-netpol-chart-defaults-customised"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmpolicy.dsl import Condition, List, all_of, rule
from cmpolicy.kinds import NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer
from cmpolicy.kinds import NetworkPolicyPort as Port

from ._cert_manager import (
    ANYWHERE,
    MONITORING,
    component_policies,
    egress,
    ingress,
    is_for,
    labels,
    network_policy,
    ports,
)
from ._netpol_examples import CHART_PORTS, DEFAULT
from ._sources import HARDENING, PAGE, guide

_WEBHOOK = labels("webhook")


@rule(
    severity="medium",
    match=component_policies(),
    message="NetworkPolicy {name} is as open as the chart makes it",
    remedy="Name servers and clients in the component's `networkPolicy.egress` and `networkPolicy.ingress` of the chart",
    sources=[PAGE, *guide("R-NETWORK-01")],
    profiles=HARDENING,
    good=[
        egress({"to": [ANYWHERE], "ports": DEFAULT}, labels=_WEBHOOK),
        egress({"ports": DEFAULT[:4]}, labels=_WEBHOOK),
        egress({"ports": [*DEFAULT[:4], {"port": 6443, "protocol": "UDP"}]}),
        egress({"ports": ports(443)}, {"ports": ports(80, 53, 6443)}),
        egress(),
        ingress({"from": [MONITORING], "ports": ports("http-metrics")}),
        ingress({"ports": ports("https")}, {"from": [MONITORING], "ports": ports(9402)}, labels=_WEBHOOK),
        ingress({"ports": ports(10250)}, labels=_WEBHOOK),
        network_policy(policyTypes=["Ingress"], egress=[{"ports": DEFAULT}]),
        network_policy(policyTypes=["Egress"], ingress=[{"ports": ports(9402)}]),
        network_policy(labels("webhook"), namespace="elsewhere", egress=[{"ports": DEFAULT}]),
    ],
    bad=[
        egress({"ports": DEFAULT}, labels=_WEBHOOK),
        egress({"ports": DEFAULT[::-1]}),
        egress({"to": [], "ports": [{"port": 53}, *DEFAULT[:2], *DEFAULT[3:]]}),
        network_policy(labels("cainjector"), egress=[{"ports": ports(443)}, {"ports": DEFAULT}]),
        ingress({"ports": ports("http-metrics")}, labels=labels("cainjector")),
        ingress({"ports": ports("https", "healthcheck", "http-metrics")}, labels=_WEBHOOK),
        ingress({"from": [MONITORING]}, {"from": None, "ports": ports(9402)}),
        ingress({}),
    ],
)
def netpol_chart_defaults_customised(
    policy: NetworkPolicy,
    exempt_port_names: Sequence[str] = ("https",),
    exempt_port_numbers: Sequence[int] = (10250,),
) -> Condition:
    """No network policy of cert-manager's components is left as the chart makes it.

    The chart cannot know a cluster, so its policies let everybody in on the ports of a component, and every component
    out to five ports of any server. They are there to be replaced: as they are, they stop little of what a pod that is
    taken over would do. Only the webhook's own port may stay open, on which the API server calls.

    Parameters:
        exempt_port_names: Names of ports that may be open to everybody
        exempt_port_numbers: Numbers of ports that may be open to everybody
    """

    def is_default(allowed: NetworkPolicyEgressRule) -> Condition:
        opened = [allowed.ports.any(_is(protocol, number)) for protocol, number in CHART_PORTS]
        return all_of(allowed.to.is_empty(), allowed.ports.length() == len(CHART_PORTS), *opened)

    def is_exempt(port: Port) -> Condition:
        listed = port.port.string().is_in(exempt_port_names) | port.port.number().is_in(exempt_port_numbers)
        return listed & port.endPort.absent()

    def is_open(allowed: NetworkPolicyIngressRule) -> Condition:
        peers: List[NetworkPolicyPeer] = allowed["from"]
        return peers.is_empty() & (allowed.ports.is_empty() | ~allowed.ports.all(is_exempt))

    out = policy.spec.egress.where(lambda allowed: is_for(policy, "Egress")).none(is_default)
    return out & policy.spec.ingress.where(lambda allowed: is_for(policy, "Ingress")).none(is_open)


def _is(protocol: str, number: int) -> Callable[[Port], Condition]:
    return lambda port: (port.protocol.default("TCP") == protocol) & (port.port.number() == number)
