"""NetworkPolicies: which pods one is for, and whom its rules let through."""

from __future__ import annotations

from cmpolicy.dsl import Condition, Match, in_namespaces, match
from cmpolicy.kinds import NetworkPolicy, NetworkPolicyPeer

from ._components import NAMESPACES
from ._selectors import is_empty, may_select_components

_EVERY_ADDRESS = ["0.0.0.0/0", "::/0"]


def component_policies() -> Match:
    """The policies in cert-manager's namespaces that are for all pods or for a component's."""
    return match(NetworkPolicy).where(
        in_namespaces(NAMESPACES), lambda policy: may_select_components(policy.spec.podSelector)
    )


def is_for(policy: NetworkPolicy, direction: str) -> Condition:
    """Its rules of this direction count: it lists the direction, or none and has Kubernetes conclude from the rules."""
    return policy.spec.policyTypes.is_empty() | policy.spec.policyTypes.contains(direction)


def is_every_address(peer: NetworkPolicyPeer) -> Condition:
    """It is the whole Internet, exceptions aside."""
    return peer.ipBlock.cidr.is_in(_EVERY_ADDRESS)


def is_every_pod(peer: NetworkPolicyPeer) -> Condition:
    """It is every pod of every namespace."""
    return peer.namespaceSelector.exists() & is_empty(peer.namespaceSelector) & is_empty(peer.podSelector)
