"""cm-ca-issuer-review"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule

from ._issuer_examples import DNS01, VAULT, acme, cluster_issuer, issuer
from ._issuers import ISSUERS, AnyIssuer
from ._sources import HARDENING, guide


@rule(
    severity="info",
    match=ISSUERS,
    message="{kind} {name} signs with a key that lies in the cluster",
    remedy="Let a CA outside the cluster sign, such as Vault, an ACME server or a cloud's; or take note of who reads the "
    "Secret of the key",
    docs="https://cert-manager.io/docs/configuration/ca/",
    sources=guide("T-01"),
    profiles=HARDENING,
    good=[
        cluster_issuer(**VAULT),
        issuer(acme=acme(DNS01)),
        issuer(venafi={"zone": "shop", "cloud": {"apiTokenSecretRef": {"name": "token"}}}),
        issuer(ca=None, **VAULT),
    ],
    bad=[
        issuer(ca={"secretName": "root"}),
        cluster_issuer(ca={"secretName": "root"}),
        cluster_issuer(selfSigned={}),
        issuer(selfSigned={"crlDistributionPoints": ["https://crl.example"]}),
    ],
)
def ca_issuer_review(issuer: AnyIssuer) -> Condition:
    """No issuer signs with a private key that lies in a Secret.

    Whoever reads that Secret, or a backup of etcd, can sign for every name that the CA is trusted for, and nobody sees
    it happen. For tests, or under a CA that only few trust, that may be fine: this reports it, so that somebody decides.
    """
    return issuer.spec.ca.absent() & issuer.spec.selfSigned.absent()
