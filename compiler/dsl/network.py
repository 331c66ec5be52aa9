"""NetworkPolicies: which hold for a pod, and what they let in or out.

Kubernetes adds up: a pod that no policy isolates in a direction is open in it, and one that some isolate is open to what
any of those allows. Policies are looked up where the pod is (`policies_on`); a CNI's own kinds are not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, cast

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition, any_of
from cmpolicy.dsl.expressions import Integer, String
from cmpolicy.dsl.relations import others, selects
from cmpolicy.dsl.structures import List, Object, integers
from cmpolicy.dsl.types import object_class
from cmpolicy.dsl.workloads import pod_metadata

if TYPE_CHECKING:
    from cmpolicy.kinds import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, PodSpec

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label by which each Namespace carries its name."""


class Direction(StrEnum):
    """To a pod or from it, as `policyTypes` calls it."""

    INGRESS = "Ingress"
    EGRESS = "Egress"


Peers: TypeAlias = "List[NetworkPolicyPeer]"
Ports: TypeAlias = "List[NetworkPolicyPort]"


@dataclass(frozen=True, slots=True)
class Traffic:
    """What may have to pass: to or from one of these ports, and whom it may be with.

    `ports` is a number, a field that holds one, or a list parameter. A port that a rule names is that of a container
    port: of `pod`, the one that listens, or one of `names` where that pod is not seen. `peer` tells which peers of a
    rule are the wanted ones; without it any is. A rule without peers is for all.
    """

    direction: Direction
    ports: int | Integer | Iterable[int]
    protocol: str = "TCP"
    names: tuple[str, ...] = ()
    pod: PodSpec | None = None
    peer: Callable[[NetworkPolicyPeer], Condition] | None = None


def policies_on(obj: Object) -> List[NetworkPolicy]:
    """The known NetworkPolicies that select the pod of the object under review: of its namespace, by its labels."""
    labels = pod_metadata(obj).labels
    known = others(cast("type[NetworkPolicy]", object_class("NetworkPolicy")), beside=obj)
    return known.where(lambda policy: policy.spec.podSelector.absent() | selects(policy.spec.podSelector, labels))


def isolates(policy: NetworkPolicy, direction: Direction) -> Condition:
    """What no policy allows in this direction is denied to the pods that this one selects.

    Without `policyTypes` that is ingress always, and egress if there is an egress rule.
    """
    types = policy.spec.policyTypes
    guessed = ~policy.spec.egress.is_empty() if direction is Direction.EGRESS else Condition(ir.TRUE)
    return types.contains(direction.value) | (types.is_empty() & guessed)


def denies_by_default(policy: NetworkPolicy, direction: Direction) -> Condition:
    """It selects every pod of its namespace and allows nothing in this direction.

    Egress has to be named in its `policyTypes`: it would be guessed from a rule that allows some.
    """
    selector, spec = policy.spec.podSelector, policy.spec
    every_pod = selector.matchLabels.is_empty() & selector.matchExpressions.is_empty()
    if direction is Direction.INGRESS:
        return every_pod & isolates(policy, direction) & spec.ingress.is_empty()
    return every_pod & spec.policyTypes.contains(direction.value) & spec.egress.is_empty()


def some_rule(policy: NetworkPolicy, direction: Direction, satisfies: Callable[[Ports, Peers], Condition]) -> Condition:
    """The policy isolates in this direction and has a rule whose ports and peers satisfy this."""
    if direction is Direction.INGRESS:
        some = policy.spec.ingress.any(lambda rule: satisfies(rule.ports, rule["from"]))
    else:
        some = policy.spec.egress.any(lambda rule: satisfies(rule.ports, rule.to))
    return isolates(policy, direction) & some


def allows(policy: NetworkPolicy, traffic: Traffic) -> Condition:
    """A rule of the policy lets this traffic pass."""

    def passes(ports: Ports, peers: Peers) -> Condition:
        wanted = Condition(ir.TRUE) if traffic.peer is None else peers.is_empty() | peers.any(traffic.peer)
        return opens(ports, traffic) & wanted

    return some_rule(policy, traffic.direction, passes)


def reaches(policies: List[NetworkPolicy], traffic: Traffic) -> Condition:
    """The policies on a pod, taken together, let this traffic pass: none isolates the pod, or some allows it."""
    isolated = policies.any(lambda policy: isolates(policy, traffic.direction))
    return ~isolated | policies.any(lambda policy: allows(policy, traffic))


def opens(ports: Ports, traffic: Traffic) -> Condition:
    """The ports of a rule include one of the traffic's; all are where the rule names none.

    A port without protocol is TCP, one with `endPort` is a range, one without a number or name is every port.
    """

    def includes(port: NetworkPolicyPort) -> Condition:
        found = any_of(port.port.absent(), _is_named(port, traffic), _is_numbered(port, traffic))
        return (port.protocol.default("TCP") == traffic.protocol) & found

    return ports.is_empty() | ports.any(includes)


def _is_named(port: NetworkPolicyPort, traffic: Traffic) -> Condition:
    return any_of(*(port.port.string() == name for name in traffic.names))


def _is_numbered(port: NetworkPolicyPort, traffic: Traffic) -> Condition:
    """By number, in a range, or by the name of a container port with this number."""

    def is_it(number: Integer) -> Condition:
        first = port.port.number()
        return any_of(first == number, (first <= number) & (port.endPort >= number), _listens(port, number, traffic))

    match traffic.ports:
        case Integer():
            return is_it(traffic.ports)
        case int():
            return is_it(Integer(ir.Const(traffic.ports)))
        case _:
            return integers(traffic.ports).any(is_it)


def _listens(port: NetworkPolicyPort, number: Integer, traffic: Traffic) -> Condition:
    if traffic.pod is None:
        return Condition(ir.FALSE)
    return traffic.pod.containers.any(
        lambda container: container.ports.any(
            lambda each: (each.name == port.port.string())
            & (each.containerPort == number)
            & (each.protocol.default("TCP") == traffic.protocol)
        )
    )


def is_block(peer: NetworkPolicyPeer) -> Condition:
    """The peer is a block of addresses. Whether an address lies in it is not asked."""
    return peer.ipBlock.exists()


def is_pod(peer: NetworkPolicyPeer, namespace: str | String, labels: Mapping[str, str | String]) -> Condition:
    """The peer includes the pods with these labels in the namespace of this name, as far as these tell."""
    in_namespace = selects(peer.namespaceSelector, {NAMESPACE_NAME: namespace})
    return in_namespace & (peer.podSelector.absent() | selects(peer.podSelector, labels))
