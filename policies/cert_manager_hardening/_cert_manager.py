"""What the pack takes from the first one: which objects are cert-manager's, and examples of them."""

from __future__ import annotations

from cmpolicy.policies.cert_manager._command_examples import controller_with
from cmpolicy.policies.cert_manager._components import (
    COMPONENT_LABEL,
    NAMESPACES,
    belongs_to,
    controller,
    long_running,
    own_containers,
    solvers,
)
from cmpolicy.policies.cert_manager._examples import (
    RESTRICTED_POD,
    deployment,
    labels,
    other_webhook,
    sidecar,
    unlabeled,
)
from cmpolicy.policies.cert_manager._netpol import component_policies, is_every_address, is_for
from cmpolicy.policies.cert_manager._netpol_examples import ANYWHERE, MONITORING, egress, ingress, network_policy, ports

__all__ = [
    "ANYWHERE",
    "COMPONENT_LABEL",
    "MONITORING",
    "NAMESPACES",
    "RESTRICTED_POD",
    "belongs_to",
    "component_policies",
    "controller",
    "controller_with",
    "deployment",
    "egress",
    "ingress",
    "is_every_address",
    "is_for",
    "labels",
    "long_running",
    "network_policy",
    "other_webhook",
    "own_containers",
    "ports",
    "sidecar",
    "solvers",
    "unlabeled",
]
