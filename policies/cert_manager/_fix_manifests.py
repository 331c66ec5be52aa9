"""Manifests for what cert-manager's chart has no value for, each in the namespace of the object that fails."""

from __future__ import annotations

from cmpolicy.dsl import OnlyFor, Template, only_for, text_of

from ._components import labels_of
from ._examples import labels

_NAMESPACE = text_of("{namespace}")
_DNS: list[Template] = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
# A network plugin may look at the port of the Service or at that of the API server behind it.
_API_SERVER: list[Template] = [{"port": 443, "protocol": "TCP"}, {"port": 6443, "protocol": "TCP"}]


def default_deny(direction: str) -> Template:
    """A NetworkPolicy that allows no pod of the namespace anything in a direction, `Ingress` or `Egress`."""
    return _network_policy(f"default-deny-{direction.lower()}", {"podSelector": {}, "policyTypes": [direction]})


def startupapicheck_policy() -> OnlyFor:
    """A NetworkPolicy that isolates the pods labeled as the startupapicheck's, but for DNS and the API server."""
    spec: Template = {
        "podSelector": {"matchLabels": labels("startupapicheck")},
        "policyTypes": ["Ingress", "Egress"],
        "egress": [{"ports": [*_DNS, *_API_SERVER]}],
    }
    policy = _network_policy("cert-manager-startupapicheck", spec)
    return only_for(lambda workload: labels_of(workload.pod_metadata.labels, ("startupapicheck",)), policy)


def critical_pods_quota(name: Template, *classes: Template) -> Template:
    """A ResourceQuota of this name that admits pods of these priority classes."""
    scope: Template = {"scopeName": "PriorityClass", "operator": "In", "values": list(classes)}
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": name, "namespace": _NAMESPACE},
        "spec": {"hard": {"pods": "1G"}, "scopeSelector": {"matchExpressions": [scope]}},
    }


def _network_policy(name: str, spec: Template) -> Template:
    metadata: Template = {"name": name, "namespace": _NAMESPACE}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
