"""cm-netpol-venafi-egress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, rule, where_known
from cmpolicy.kinds import Deployment, IssuerSpec

from ._components import controller
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._issuer_examples import cloud, cluster_issuer, issuer, tpp, vault
from ._network import REQUIREMENTS, every_issuer, passes, to_anyone
from ._network_examples import egress, ports

_CLOUD_URL = "https://api.venafi.cloud"


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the NetworkPolicies on {name} keep the controller from a certificate manager that an issuer asks",
    remedy="Allow TCP to the port of the issuer's `spec.venafi` URL in `networkPolicy.egress`",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(example(), issuer(tpp("https://tpp.example.com/vedsdk")), egress({"ports": ports(443)})),
        where_known(example(), issuer(tpp("https://tpp.example.com:8443/vedsdk")), egress({"ports": ports(8443)})),
        where_known(example(), cluster_issuer(cloud()), egress({"ports": ports(443)})),
        where_known(example(), issuer(cloud(url="https://cloud.example.com:8443")), egress({"ports": ports(8443)})),
        where_known(example(), issuer(vault("https://vault.example.com")), egress()),
        where_known(example(), issuer(cloud())),
        where_known(example(), egress()),
        other_webhook(),
    ],
    bad=[
        where_known(example(), issuer(tpp("https://tpp.example.com/vedsdk")), egress()),
        where_known(example(), issuer(tpp("https://tpp.example.com:8443/vedsdk")), egress({"ports": ports(443)})),
        where_known(example(), cluster_issuer(cloud()), egress({"ports": ports(80)})),
        where_known(example(), issuer(cloud(url="https://cloud.example.com:8443")), egress({"ports": ports(443)})),
        where_known(unlabeled(example()), issuer(cloud(apiTokenSecretRef={})), egress(component=None, namespace="pki")),
    ],
)
def netpol_venafi_egress(deployment: Deployment) -> Condition:
    """The controller can reach every certificate manager of Venafi, now CyberArk, that an issuer asks.

    It signs nothing for an issuer whose server it cannot reach. The port is that of the issuer's URL, 443 for the cloud
    service if it names none; who the peers of a rule are is not held against the host. Where no Issuer or ClusterIssuer
    is known, or no policy on the controller, the rule passes.
    """

    def is_open(spec: IssuerSpec) -> Condition:
        tpp, cloud = spec.venafi.tpp, spec.venafi.cloud
        # An issuer has one of the two. Asked for each, the port would make the CEL longer than the API server takes.
        url = tpp.url.default(cloud.url.default(_CLOUD_URL))
        return any_of(tpp.exists(), cloud.exists()).implies(passes(deployment, to_anyone(url.url_port())))

    return every_issuer(is_open)
