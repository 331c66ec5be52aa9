"""What the pack takes from the first one about traffic, and policies on the controller."""

from __future__ import annotations

from cmpolicy.policies.cert_manager._network import every_issuer, is_denied_by_default, passes, to_anyone
from cmpolicy.values import Json, JsonMap

from ._cert_manager import labels, network_policy

__all__ = ["egress_of", "every_issuer", "is_denied_by_default", "passes", "to_anyone"]

_CONTROLLER = labels("controller")


def egress_of(*rules: JsonMap, labels: Json = _CONTROLLER, namespace: str = "cert-manager") -> JsonMap:
    """A policy that lets the controller out by these rules; for the pods with other labels, for all with None."""
    return network_policy(labels, namespace=namespace, policyTypes=["Egress"], egress=list(rules))
