"""cm-netpol-apiserver-egress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Direction, Traffic, Workload, rule, where_known

from ._components import every_template
from ._examples import deployment, job, other_webhook, unlabeled
from ._network import REQUIREMENTS, is_api_server, passes
from ._network_examples import block, egress, ingress, namespace_named, ports, to


@rule(
    severity="critical",
    match=every_template(),
    message="the NetworkPolicies on {kind} {name} keep its pods from the API server",
    remedy="Allow TCP to the API server's ports in `networkPolicy.egress`, `webhook.networkPolicy.egress` and "
    "`cainjector.networkPolicy.egress`, and in a policy of your own for the startupapicheck",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(deployment(), egress({"ports": ports(443)})),
        where_known(deployment("webhook"), egress({"ports": ports(6443)}, component="webhook")),
        where_known(deployment(), egress(), egress(to(block("10.0.0.1/32"), ports=ports(6443)), name="more")),
        where_known(deployment(), egress({"ports": ports(1024, end=9000)})),
        where_known(deployment(), egress(to(block("0.0.0.0/0")))),
        where_known(deployment(), egress({})),
        where_known(deployment(hostNetwork=True), egress()),
        where_known(job(), egress({"ports": ports(443, protocol=None)}, component=None)),
        where_known(deployment(), ingress(component="controller")),
        deployment("cainjector"),
        other_webhook(),
    ],
    bad=[
        where_known(deployment(), egress()),
        where_known(deployment("webhook"), egress({"ports": ports(53, 80)}, component=None)),
        where_known(deployment(), egress({"ports": ports(443, 6443, protocol="UDP")})),
        where_known(deployment(), egress({"ports": ports(444, end=6442)})),
        where_known(deployment(), egress({"ports": ports("https")})),
        where_known(deployment(), egress(to(namespace_named("e2e-vault")))),
        where_known(deployment(), egress(to({"namespaceSelector": {}}, ports=ports(443)))),
        where_known(
            deployment("cainjector"), egress(component="cainjector"), egress({"ports": ports(443)}, name="other")
        ),
        where_known(job(), egress(component=None)),
        where_known(unlabeled(deployment()), egress(component=None, namespace="pki")),
    ],
)
def netpol_apiserver_egress(
    workload: Workload, api_server_ports: Sequence[int] = (443, 6443), api_server_cidr: str = ""
) -> Condition:
    """cert-manager's pods can reach the API server.

    Each component works through the API server alone; cut off from it, it does not start. Networks look at the port of
    the Service or at that of the server behind it, so one of the two is enough here: give the one that counts in the
    cluster. The policies on a pod count together. A pod that no known policy isolates is open, and passes.

    Parameters:
        api_server_ports: Ports of which one has to be open
        api_server_cidr: The block of addresses of the API server as rules write it, or its start; any if it is empty
    """
    peer = is_api_server(api_server_cidr)
    return passes(workload, Traffic(Direction.EGRESS, api_server_ports, peer=peer))
