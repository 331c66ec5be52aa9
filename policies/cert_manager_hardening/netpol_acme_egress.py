"""cm-netpol-acme-egress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, Traffic, rule, where_known
from cmpolicy.kinds import Deployment, IssuerSpec

from ._cert_manager import controller, deployment, other_webhook, ports, unlabeled
from ._issuer_examples import DNS01, VAULT, acme, by_gateway, by_ingress, cluster_issuer, issuer
from ._netpol_examples import namespace_named
from ._network import egress_of, every_issuer, passes, to_anyone
from ._sources import PAGE, RELATIONS

_BY_DNS01 = issuer(acme=acme(DNS01))
_BY_HTTP01 = issuer(acme=acme(by_ingress()))
_STEP = cluster_issuer(acme=acme(DNS01, server="https://step-ca.pki.svc:9000/acme/acme/directory"))


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the NetworkPolicies on {name} keep the controller from an ACME server, or from checking HTTP01 challenges",
    remedy="Allow TCP to the port of the issuer's `spec.acme.server`, and to 80 where it solves HTTP01 challenges, in "
    "`networkPolicy.egress`",
    docs="https://cert-manager.io/docs/configuration/acme/",
    sources=[PAGE],
    profiles=RELATIONS,
    good=[
        where_known(deployment(), _BY_DNS01, egress_of({"ports": ports(443)})),
        where_known(deployment(), _BY_HTTP01, egress_of({"ports": ports(443)}, {"ports": ports(80)})),
        where_known(deployment(), _BY_HTTP01, egress_of({"ports": [{"port": 80, "endPort": 443}]})),
        where_known(deployment(), _STEP, egress_of({"to": [namespace_named("pki")], "ports": ports(9000)})),
        where_known(deployment(), issuer(**VAULT), egress_of()),
        where_known(deployment(), issuer(acme=acme({"http01": None}, server=None)), egress_of()),
        where_known(deployment(), _BY_HTTP01),
        where_known(deployment(), egress_of()),
        where_known(deployment("webhook"), _BY_HTTP01, egress_of()),
        other_webhook(),
    ],
    bad=[
        where_known(deployment(), _BY_DNS01, egress_of()),
        where_known(deployment(), _BY_HTTP01, egress_of({"ports": ports(443)})),
        where_known(deployment(), cluster_issuer(acme=acme(by_gateway())), egress_of({"ports": ports(443, 8080)})),
        where_known(deployment(), _BY_HTTP01, egress_of({"ports": ports(80)})),
        where_known(deployment(), _STEP, egress_of({"ports": ports(443)})),
        where_known(deployment(), _BY_DNS01, _STEP, egress_of({"ports": ports(443)})),
        where_known(deployment(), _BY_DNS01, egress_of({"ports": [{"port": 443, "protocol": "UDP"}]})),
        where_known(unlabeled(deployment()), _BY_DNS01, egress_of(namespace="pki", labels=None)),
    ],
)
def netpol_acme_egress(deployment: Deployment, self_check_port: int = 80) -> Condition:
    """The controller can reach every ACME server that an issuer names, and can check HTTP01 challenges itself.

    It orders certificates at the server, and before it says that a challenge is ready it asks for the answer itself, as
    the server will do. Where a policy keeps it from either, orders wait and certificates run out. Who the peers of a rule
    are is not held against the host. Where no such Issuer or ClusterIssuer is known, or no policy on the controller, the
    rule passes.

    Parameters:
        self_check_port: Port at which HTTP01 challenges are answered
    """
    checks = passes(deployment, Traffic(Direction.EGRESS, self_check_port))

    def is_open(spec: IssuerSpec) -> Condition:
        server = spec.acme.server
        solves = spec.acme.solvers.any(lambda solver: solver.http01.exists())
        return server.exists().implies(passes(deployment, to_anyone(server.url_port()))) & solves.implies(checks)

    return every_issuer(is_open)
