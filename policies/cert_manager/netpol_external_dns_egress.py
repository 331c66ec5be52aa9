"""cm-netpol-external-dns-egress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, flag, rule, where_known
from cmpolicy.kinds import Container, Deployment

from ._components import controller, own_containers
from ._examples import container, other_webhook, unlabeled
from ._examples import deployment as example
from ._issuer_examples import WITH_DNS01, WITH_HTTP01, cluster_issuer, issuer, vault
from ._network import REQUIREMENTS, every_issuer, passes, to_outside
from ._network_examples import KUBE_DNS, block, egress, ports, to

_DNS = [*ports(53), *ports(53, protocol="UDP")]
_HTTPS_ONLY = example(
    containers=[container("controller", args=["--dns01-recursive-nameservers=https://1.1.1.1/dns-query"])]
)


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the NetworkPolicies on {name} keep the controller from DNS servers outside the cluster",
    remedy="Allow UDP and TCP to port 53 in `networkPolicy.egress`, without `to` or to the servers' addresses",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(example(), issuer(WITH_DNS01), egress({"ports": _DNS})),
        where_known(example(), cluster_issuer(WITH_HTTP01), egress(to(block("1.1.1.1/32"), ports=_DNS))),
        where_known(example(), issuer(vault("https://vault.example.com")), egress()),
        where_known(_HTTPS_ONLY, issuer(WITH_DNS01), egress({"ports": ports(443)})),
        where_known(example(), issuer(WITH_DNS01)),
        where_known(example(), egress()),
        other_webhook(),
    ],
    bad=[
        where_known(example(), issuer(WITH_DNS01), egress()),
        where_known(example(), cluster_issuer(WITH_HTTP01), egress({"ports": ports(53, protocol="UDP")})),
        where_known(example(), issuer(WITH_DNS01), egress({"ports": ports(53)})),
        where_known(example(), issuer(WITH_DNS01), egress(to(KUBE_DNS, ports=_DNS))),
        where_known(_HTTPS_ONLY, issuer(WITH_DNS01), egress({"ports": _DNS})),
        where_known(unlabeled(example()), issuer(WITH_DNS01), egress(component=None, namespace="pki")),
    ],
)
def netpol_external_dns_egress(deployment: Deployment) -> Condition:
    """The controller can reach DNS servers outside the cluster if an issuer speaks ACME.

    Before it tells the ACME server that a challenge is answered it looks for the answer itself, by default at the
    authoritative servers of the domain. With servers in `--dns01-recursive-nameservers` that are spoken to over HTTPS
    it asks at port 443. The cluster's own DNS pods do not count. Where no such Issuer or ClusterIssuer is known, or no
    policy on the controller, the rule passes.
    """

    def asks_over_https(container: Container) -> Condition:
        return flag(container.args, "dns01-recursive-nameservers").contains("https://")

    over_https = own_containers(deployment.spec.template.spec, "controller").any(asks_over_https)
    plain = passes(deployment, to_outside(53, "UDP")) & passes(deployment, to_outside(53))
    is_open = (over_https & passes(deployment, to_outside(443))) | (~over_https & plain)
    return any_of(is_open, every_issuer(lambda spec: spec.acme.absent()))
