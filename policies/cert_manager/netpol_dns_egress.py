"""cm-netpol-dns-egress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Workload, rule, where_known

from ._components import every_template
from ._examples import deployment, job, other_webhook, unlabeled
from ._network import REQUIREMENTS, dns_traffic, is_dns_server, passes
from ._network_examples import KUBE_DNS, block, egress, ingress, namespace_named, ports, to

_UDP, _TCP = ports(53, protocol="UDP"), ports(53)
_BOTH = [*_UDP, *_TCP]


@rule(
    severity="high",
    match=every_template(),
    message="the NetworkPolicies on {kind} {name} keep its pods from asking the cluster's DNS",
    remedy="Allow UDP and TCP to port 53 in `networkPolicy.egress`, `webhook.networkPolicy.egress` and "
    "`cainjector.networkPolicy.egress`, and in a policy of your own for the startupapicheck",
    controls=["Kyverno policy add-networkpolicy-dns"],
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(deployment(), egress({"ports": _BOTH})),
        where_known(deployment(), egress({"ports": _UDP}), egress({"ports": _TCP}, component=None, name="more")),
        where_known(deployment(), egress(to(KUBE_DNS, ports=_BOTH))),
        where_known(deployment(), egress(to(namespace_named("kube-system")))),
        where_known(deployment(), egress(to({"namespaceSelector": {}}, ports=_BOTH))),
        where_known(deployment(), egress(to(block("10.0.0.0/8")), to(block("169.254.20.10/32"), ports=_BOTH))),
        where_known(deployment(), egress({"ports": [*ports(1, protocol="UDP", end=65535), *ports(None)]})),
        where_known(deployment(), egress({"ports": [*ports("dns", protocol="UDP"), *ports("dns-tcp")]})),
        where_known(deployment(), egress({})),
        where_known(deployment(), ingress(component="controller")),
        where_known(deployment(hostNetwork=True), egress()),
        deployment("webhook"),
        where_known(job(), egress({"ports": _BOTH}, component=None)),
        other_webhook(),
    ],
    bad=[
        where_known(deployment(), egress()),
        where_known(deployment(), egress({"ports": _UDP})),
        where_known(deployment(), egress({"ports": ports(53, protocol=None)})),
        where_known(deployment(), egress({"ports": _UDP}, {"ports": ports(1, end=52)})),
        where_known(deployment(), egress(to(namespace_named("e2e-vault")))),
        where_known(deployment(), egress(to({"podSelector": {}}, ports=_BOTH))),
        where_known(deployment(), egress(to(block("10.0.0.0/8"), ports=_BOTH))),
        where_known(deployment(), egress(to({**KUBE_DNS, "podSelector": {"matchLabels": {"app": "x"}}}, ports=_BOTH))),
        where_known(deployment(), egress(), egress({"ports": _BOTH}, component="webhook", name="other")),
        where_known(job(), egress({"ports": ports(443)}, component=None)),
        where_known(unlabeled(deployment()), egress(component=None, namespace="pki")),
    ],
)
def netpol_dns_egress(
    workload: Workload,
    dns_ports: Sequence[int] = (53,),
    dns_namespace: str = "kube-system",
    dns_app: str = "kube-dns",
    dns_cidrs: Sequence[str] = ("169.254.20.10/32", "0.0.0.0/0", "::/0"),
) -> Condition:
    """cert-manager's pods can ask the cluster's DNS, over UDP and TCP.

    No component finds the API server, and the controller no ACME server, without DNS; large answers come over TCP
    alone. The policies on a pod count together. A pod that no known policy isolates is open, and passes;
    `cm-netpol-covers-egress` finds it.

    Parameters:
        dns_ports: Ports of the cluster's DNS, of which one has to be open: OpenShift's pods listen on 5353
        dns_namespace: Namespace of the cluster's DNS pods
        dns_app: Their label `k8s-app`
        dns_cidrs: Blocks of addresses, as rules write them, that hold the cluster's DNS or a node's own cache
    """
    server = is_dns_server(dns_namespace, dns_app, dns_cidrs)
    return passes(workload, dns_traffic("UDP", dns_ports, server)) & passes(
        workload, dns_traffic("TCP", dns_ports, server)
    )
