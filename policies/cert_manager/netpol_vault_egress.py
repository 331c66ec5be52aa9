"""cm-netpol-vault-egress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, where_known
from cmpolicy.kinds import Deployment, IssuerSpec

from ._components import controller
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._issuer_examples import WITH_HTTP01, cluster_issuer, issuer, vault
from ._network import REQUIREMENTS, every_issuer, passes, to_anyone
from ._network_examples import egress, namespace_named, ports, to

_ISSUER = issuer(vault("https://vault.example.com"))
_ON_8200 = issuer(vault("https://vault.vault.svc:8200/v1"))


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the NetworkPolicies on {name} keep the controller from a Vault that an issuer asks",
    remedy="Allow TCP to the port of the issuer's `spec.vault.server` in `networkPolicy.egress`",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(example(), _ISSUER, egress({"ports": ports(443)})),
        where_known(example(), _ON_8200, egress({"ports": ports(8200)})),
        where_known(example(), _ON_8200, egress({"ports": ports(8000, end=8300)})),
        where_known(example(), cluster_issuer(vault("http://vault.example.com")), egress({"ports": ports(80)})),
        where_known(example(), _ON_8200, egress(to(namespace_named("vault")))),
        where_known(example(), issuer(WITH_HTTP01), egress()),
        where_known(example(), _ISSUER),
        where_known(example(), egress()),
        where_known(example("webhook"), _ISSUER, egress(component="webhook")),
        other_webhook(),
    ],
    bad=[
        where_known(example(), _ISSUER, egress()),
        where_known(example(), _ON_8200, egress({"ports": ports(443)})),
        where_known(example(), cluster_issuer(vault("http://vault.example.com")), egress({"ports": ports(443)})),
        where_known(example(), _ISSUER, cluster_issuer(vault("https://[::1]:8200")), egress({"ports": ports(443)})),
        where_known(example(), _ON_8200, egress({"ports": ports(8200, protocol="UDP")})),
        where_known(example(), issuer(vault("vault:8200")), egress({"ports": ports(8200)})),
        where_known(unlabeled(example()), _ISSUER, egress(component=None, namespace="pki")),
    ],
)
def netpol_vault_egress(deployment: Deployment) -> Condition:
    """The controller can reach every Vault that an issuer asks.

    It signs nothing for an issuer whose server it cannot reach, and the certificates run out. The port is that of the
    issuer's URL; who the peers of a rule are is not held against the host. Where no Issuer or ClusterIssuer is known, or
    no policy on the controller, the rule passes; an issuer made later shows when the Deployment is judged again.
    """

    def is_open(spec: IssuerSpec) -> Condition:
        server = spec.vault.server
        return server.exists().implies(passes(deployment, to_anyone(server.url_port())))

    return every_issuer(is_open)
