"""cm-netpol-apiserver-to-webhook"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, Traffic, rule, where_known
from cmpolicy.kinds import Container, ContainerPort, Deployment

from ._components import webhook
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._network import REQUIREMENTS, is_api_server, passes
from ._network_examples import block, egress, from_, ingress, listening, namespace_named, ports

_ALL = listening("webhook")
_MOVED = listening("webhook", {"name": "https", "containerPort": 10260})


@rule(
    severity="critical",
    match=webhook(Deployment),
    message="the NetworkPolicies on {name} keep the API server from the webhook",
    remedy="Allow TCP to the port `https` in `webhook.networkPolicy.ingress`, from the API server or without `from`",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(_ALL, ingress({"ports": ports("https")})),
        where_known(_ALL, ingress({"ports": ports(10250)})),
        where_known(_ALL, ingress(), ingress({"ports": ports(10000, end=10300)}, component=None, name="more")),
        where_known(_MOVED, ingress({"ports": ports(10260)})),
        where_known(_MOVED, ingress({"ports": ports("https")})),
        where_known(_ALL, ingress(from_(block("10.0.0.1/32"), ports=ports(10250)))),
        where_known(example("webhook"), ingress({"ports": ports(10250)})),
        where_known(_ALL, ingress({})),
        where_known(_ALL, egress(component="webhook")),
        where_known(listening("webhook", hostNetwork=True), ingress()),
        _ALL,
        other_webhook(),
    ],
    bad=[
        where_known(_ALL, ingress()),
        where_known(_ALL, ingress({"ports": ports(443)})),
        where_known(_MOVED, ingress({"ports": ports(10250)})),
        where_known(_ALL, ingress({"ports": ports("https", protocol="UDP")})),
        where_known(_ALL, ingress({"ports": ports("healthcheck", 6080)})),
        where_known(listening("webhook", {"name": "tls", "containerPort": 10250}), ingress({"ports": ports("https")})),
        where_known(_ALL, ingress(from_(namespace_named("kube-system"), ports=ports("https")))),
        where_known(example("webhook"), ingress({"ports": ports("https")})),
        where_known(unlabeled(_ALL), ingress(component=None, namespace="pki")),
    ],
)
def netpol_apiserver_to_webhook(
    deployment: Deployment, secure_port: int = 10250, api_server_cidr: str = ""
) -> Condition:
    """The API server can reach cert-manager's webhook.

    It calls the webhook at every write to a cert-manager resource, and refuses the write where it gets no answer. Rules
    name the port of the container, or its number, never the 443 of the Service. Where no known policy isolates the
    webhook, it is open and the rule passes.

    Parameters:
        secure_port: Port that the webhook listens on if no container port is named `https`
        api_server_cidr: The block of addresses of the API server as rules write it, or its start; any if it is empty
    """
    pod = deployment.spec.template.spec

    peer = is_api_server(api_server_cidr)

    def is_named(port: ContainerPort) -> Condition:
        return port.name == "https"

    def is_open_by_name(container: Container) -> Condition:
        return container.ports.where(is_named).any(
            lambda port: passes(deployment, Traffic(Direction.INGRESS, port.containerPort, names=("https",), peer=peer))
        )

    unnamed = pod.containers.none(lambda container: container.ports.any(is_named))
    by_number = passes(deployment, Traffic(Direction.INGRESS, secure_port, pod=pod, peer=peer))
    return pod.containers.any(is_open_by_name) | (unnamed & by_number)
