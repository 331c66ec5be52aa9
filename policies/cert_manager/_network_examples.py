"""NetworkPolicies on components, and workloads with ports that they name."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import container, deployment, labels
from ._netpol_examples import network_policy

INGRESS_PORTS: dict[str, list[Json]] = {
    "controller": [{"name": "http-metrics", "containerPort": 9402}, {"name": "http-healthz", "containerPort": 9403}],
    "webhook": [
        {"name": "https", "containerPort": 10250, "protocol": "TCP"},
        {"name": "healthcheck", "containerPort": 6080},
        {"name": "http-metrics", "containerPort": 9402},
    ],
    "cainjector": [{"name": "http-metrics", "containerPort": 9402}],
}
"""The container ports of each component that has some."""

KUBE_DNS: JsonMap = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
}


def egress(*rules: JsonMap, component: str | None = "controller", **more: str) -> JsonMap:
    """A policy for a component's pods, None for every pod, that lets out what these rules allow."""
    selected = None if component is None else labels(component)
    return network_policy(selected, policyTypes=["Egress"], egress=list(rules), **more)


def ingress(*rules: JsonMap, component: str | None = "webhook", **more: str) -> JsonMap:
    """A policy for a component's pods, None for every pod, that lets in what these rules allow."""
    selected = None if component is None else labels(component)
    return network_policy(selected, policyTypes=["Ingress"], ingress=list(rules), **more)


def ports(*numbers: Json, protocol: Json = "TCP", end: Json = None) -> list[Json]:
    """The ports of a rule; a protocol or end that is None is left out."""
    optional: JsonMap = {"protocol": protocol, "endPort": end}
    given: JsonMap = {name: value for name, value in optional.items() if value is not None}
    return [{"port": number, **given} for number in numbers]


def to(*peers: JsonMap, ports: list[Json] | None = None) -> JsonMap:
    """A rule for what goes to these peers, at these ports or at all."""
    return {"to": list(peers), **({} if ports is None else {"ports": ports})}


def from_(*peers: JsonMap, ports: list[Json] | None = None) -> JsonMap:
    """A rule for what comes from these peers, to these ports or to all."""
    return {"from": list(peers), **({} if ports is None else {"ports": ports})}


def namespace_named(name: str) -> JsonMap:
    """The peers that are the pods of this namespace."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def block(cidr: str) -> JsonMap:
    """The peers that are these addresses."""
    return {"ipBlock": {"cidr": cidr}}


def listening(component: str, *ports: Json, args: list[Json] | None = None, **pod: Json) -> JsonMap:
    """A component's Deployment with these container ports, those that the chart gives it if there are none."""
    given: JsonMap = {"ports": list(ports) or INGRESS_PORTS[component], **({} if args is None else {"args": args})}
    return deployment(component, containers=[container(component, **given)], **pod)
