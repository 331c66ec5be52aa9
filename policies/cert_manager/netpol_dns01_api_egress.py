"""cm-netpol-dns01-api-egress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule, where_known
from cmpolicy.kinds import Deployment, IssuerSpec

from ._components import controller
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._issuer_examples import WITH_DNS01, WITH_HTTP01, cluster_issuer, issuer
from ._network import REQUIREMENTS, every_issuer, passes, to_outside
from ._network_examples import block, egress, namespace_named, ports, to


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the NetworkPolicies on {name} keep the controller from the API of a DNS provider",
    remedy="Allow TCP to port 443 in `networkPolicy.egress`, without `to` or to the provider's addresses",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(example(), issuer(WITH_DNS01), egress({"ports": ports(443)})),
        where_known(example(), cluster_issuer(WITH_DNS01), egress(to(block("52.0.0.0/8"), ports=ports(443)))),
        where_known(example(), issuer(WITH_HTTP01), egress()),
        where_known(example(), issuer({"acme": {"solvers": [{"dns01": None}]}}), egress()),
        where_known(example(), issuer(WITH_DNS01)),
        where_known(example(), egress()),
        other_webhook(),
    ],
    bad=[
        where_known(example(), issuer(WITH_DNS01), egress()),
        where_known(example(), cluster_issuer(WITH_DNS01), egress({"ports": ports(53, 80, 6443)})),
        where_known(example(), issuer(WITH_HTTP01), cluster_issuer(WITH_DNS01), egress()),
        where_known(example(), issuer(WITH_DNS01), egress(to(namespace_named("bind"), ports=ports(443)))),
        where_known(unlabeled(example()), issuer(WITH_DNS01), egress(component=None, namespace="pki")),
    ],
)
def netpol_dns01_api_egress(deployment: Deployment, provider_ports: Sequence[int] = (443,)) -> Condition:
    """The controller can reach the API of a DNS provider if an issuer solves DNS01 challenges.

    It writes the record that answers the challenge there. Providers are outside the cluster, so a rule for pods of a
    namespace does not count. Where no such Issuer or ClusterIssuer is known, or no policy on the controller, the rule
    passes.

    Parameters:
        provider_ports: Ports of the provider's API, of which one has to be open
    """
    is_open = passes(deployment, to_outside(provider_ports))

    def solves_dns01(spec: IssuerSpec) -> Condition:
        return spec.acme.solvers.any(lambda solver: solver.dns01.exists())

    return is_open | every_issuer(lambda spec: ~solves_dns01(spec))
