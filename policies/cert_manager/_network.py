"""What cert-manager's components talk to, as traffic that NetworkPolicies have to let pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmpolicy.dsl import (
    Condition,
    Direction,
    Integer,
    Object,
    Traffic,
    denies_by_default,
    is_block,
    is_pod,
    isolates,
    known,
    others,
    pod_spec,
    policies_on,
    reaches,
)
from cmpolicy.kinds import ClusterIssuer, Issuer, IssuerSpec, NetworkPolicy, NetworkPolicyPeer

DENY_CONTROLS = (
    "CIS 5.3.2",
    "NSA: network policies (Kubescape C-0030 and C-0054)",
    "BSI APP.4.4.A7",
    "BSI APP.4.4.A18",
    "BSI SYS.1.6.A5",
    "Kyverno policy add-networkpolicy",
    "Learnk8s: a conservative NetworkPolicy in every namespace",
)
COVERS_CONTROLS = (
    "CIS 5.3.2",
    "NSA: network policies (Kubescape C-0030)",
    "BSI APP.4.4.A18",
    "Kyverno policy require-network-policy",
)
SOURCE, REQUIREMENTS = "Network Requirements and Network Policy", "Network Requirements"


def is_isolated(obj: Object, direction: Direction) -> Condition:
    """Some policy isolates the object's pod in this direction. None holds for pods on the network of their node."""
    on_node = pod_spec(obj).hostNetwork.is_true()
    return ~on_node & policies_on(obj).any(lambda policy: isolates(policy, direction))


def is_denied_by_default(obj: Object, direction: Direction) -> Condition:
    """Some policy in the object's namespace selects every pod and allows nothing in this direction."""
    return others(NetworkPolicy, beside=obj).any(lambda policy: denies_by_default(policy, direction))


def passes(obj: Object, traffic: Traffic) -> Condition:
    """The policies on the object's pod let this traffic pass, or none holds for it."""
    return pod_spec(obj).hostNetwork.is_true() | reaches(policies_on(obj), traffic)


def dns_traffic(protocol: str, ports: Sequence[int], peer: Callable[[NetworkPolicyPeer], Condition]) -> Traffic:
    """Questions to a DNS server, whose ports the cluster's own calls `dns` and `dns-tcp`."""
    name = "dns" if protocol == "UDP" else "dns-tcp"
    return Traffic(Direction.EGRESS, ports, protocol, names=(name,), peer=peer)


def is_dns_server(namespace: str, app: str, cidrs: Sequence[str]) -> Callable[[NetworkPolicyPeer], Condition]:
    """The peers that are the cluster's DNS pods, or one of these blocks of addresses."""
    return lambda peer: peer.ipBlock.cidr.is_in(cidrs) | is_pod(peer, namespace, {"k8s-app": app})


def is_api_server(cidr: str) -> Callable[[NetworkPolicyPeer], Condition]:
    """The peers that are blocks of addresses that start with `cidr`: the API server is seldom a pod."""
    return lambda peer: peer.ipBlock.cidr.starts_with(cidr)


def to_outside(ports: int | Integer | Sequence[int], protocol: str = "TCP") -> Traffic:
    """To servers outside the cluster, which only blocks of addresses can name."""
    return Traffic(Direction.EGRESS, ports, protocol, peer=is_block)


def to_anyone(port: Integer) -> Traffic:
    """Over TCP to a server that may be a pod or outside the cluster."""
    return Traffic(Direction.EGRESS, port)


def every_issuer(satisfies: Callable[[IssuerSpec], Condition]) -> Condition:
    """Each known Issuer and ClusterIssuer satisfies it."""
    namespaced = known(Issuer).all(lambda issuer: satisfies(issuer.spec))
    return namespaced & known(ClusterIssuer).all(lambda issuer: satisfies(issuer.spec))
