"""cm-netpol-metrics-ingress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import (
    Condition,
    Direction,
    Traffic,
    flag,
    is_pod,
    opens,
    policies_on,
    rule,
    some_rule,
    where_known,
)
from cmpolicy.kinds import Container, Deployment, NetworkPolicyPeer, PodSpec

from ._components import LONG_RUNNING, asked_of, long_running
from ._examples import other_webhook, unlabeled
from ._network import REQUIREMENTS, passes
from ._network_examples import block, egress, from_, ingress, listening, namespace_named, ports

_MONITORING = namespace_named("monitoring")
_RULE = from_(_MONITORING, ports=ports("http-metrics"))
_CONTROLLER = listening("controller")
_OFF = listening("cainjector", {"name": "other", "containerPort": 8080}, args=["--metrics-listen-address=0"])


@rule(
    severity="medium",
    match=long_running(Deployment),
    message="the metrics of {name} are closed to the namespace {metrics_namespace}, or open to others",
    remedy="Allow TCP to the port `http-metrics` in `networkPolicy.ingress`, `webhook.networkPolicy.ingress` and "
    "`cainjector.networkPolicy.ingress`, with the namespace of the monitoring in `from`",
    controls=["BSI APP.4.4.A18"],
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(_CONTROLLER, ingress(_RULE, component="controller")),
        where_known(_CONTROLLER, ingress(from_(_MONITORING, ports=ports(9402)), component="controller")),
        where_known(_CONTROLLER, ingress(_RULE, {"ports": ports("http-healthz")}, component="controller")),
        where_known(listening("webhook"), ingress({"ports": ports("https")}, _RULE)),
        where_known(
            listening("cainjector"),
            ingress(component="cainjector"),
            ingress({**_RULE, "from": [{**_MONITORING, "podSelector": {}}]}, component=None, name="more"),
        ),
        where_known(_CONTROLLER, egress({})),
        where_known(_CONTROLLER, ingress({}, component="webhook")),
        where_known(_OFF, ingress(component="cainjector")),
        _CONTROLLER,
        other_webhook(),
    ],
    bad=[
        where_known(_CONTROLLER, ingress(component="controller")),
        where_known(_CONTROLLER, ingress({"ports": ports("http-metrics")}, component="controller")),
        where_known(_CONTROLLER, ingress({}, component="controller")),
        where_known(_CONTROLLER, ingress(_RULE, {"ports": ports(9000, end=9999)}, component="controller")),
        where_known(_CONTROLLER, ingress(from_(_MONITORING, block("10.0.0.0/8"), ports=ports(9402)), component=None)),
        where_known(_CONTROLLER, ingress(from_(namespace_named("shop"), ports=ports(9402)), component=None)),
        where_known(listening("cainjector"), ingress(_RULE, {"ports": ports(9402, protocol=None)}, component=None)),
        where_known(listening("webhook"), ingress(from_(_MONITORING, ports=ports("https")))),
        where_known(unlabeled(_CONTROLLER), ingress(component=None, namespace="pki")),
    ],
)
def netpol_metrics_ingress(
    deployment: Deployment,
    metrics_port: int = 9402,
    metrics_namespace: str = "monitoring",
    components: Sequence[str] = LONG_RUNNING,
) -> Condition:
    """The metrics of an isolated component are open to the monitoring, and to nobody else.

    Without the first nobody sees that certificates run out; the second tells strangers which there are. Every rule that
    opens the port counts, also one without `from` or without ports. Components that serve no metrics, and those that no
    known policy isolates, pass.

    Parameters:
        metrics_port: Port of the metrics
        metrics_namespace: Namespace of the software that collects them
        components: Components that are asked
    """
    pod = deployment.spec.template.spec

    def is_monitoring(peer: NetworkPolicyPeer) -> Condition:
        return is_pod(peer, metrics_namespace, {})

    traffic = Traffic(Direction.INGRESS, metrics_port, pod=pod, peer=is_monitoring)
    open_to_others = policies_on(deployment).any(
        lambda policy: some_rule(
            policy,
            Direction.INGRESS,
            lambda ports, peers: opens(ports, traffic) & (peers.is_empty() | ~peers.all(is_monitoring)),
        )
    )
    is_met = passes(deployment, traffic) & ~open_to_others
    return (asked_of(deployment, components) & _serves_metrics(pod, metrics_port)).implies(is_met)


def _serves_metrics(pod: PodSpec, port: int) -> Condition:
    def serves(container: Container) -> Condition:
        is_off = flag(container.args, "metrics-listen-address").is_in(["0", ""])
        return container.ports.any(lambda each: each.containerPort == port) & ~is_off

    return pod.containers.any(serves)
