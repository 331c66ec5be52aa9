"""cm-solver-podtemplate-security"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule

from ._cert_manager import RESTRICTED_POD
from ._issuer_examples import DNS01, LOCALHOST, VAULT, acme, by_gateway, by_ingress, cluster_issuer, issuer, template
from ._issuers import ISSUERS, AnyIssuer, Http01, every_http01
from ._sources import HARDENING, guide


@rule(
    severity="high",
    match=ISSUERS,
    message="{kind} {name} takes the security context of its ACME solvers away",
    remedy="Restate `runAsNonRoot: true` and `seccompProfile` in the `securityContext` of the solver's `podTemplate`, "
    "or leave it out",
    docs="https://cert-manager.io/docs/configuration/acme/http01/",
    sources=guide("R-CONFIG-02"),
    profiles=HARDENING,
    good=[
        issuer(acme=acme(by_ingress(podTemplate=template(RESTRICTED_POD)))),
        issuer(acme=acme(by_ingress(podTemplate=template({**RESTRICTED_POD, "runAsUser": 1000})))),
        cluster_issuer(
            acme=acme(by_gateway(podTemplate=template({"runAsNonRoot": True, "seccompProfile": LOCALHOST})))
        ),
        issuer(acme=acme(by_ingress(podTemplate=template(None)))),
        issuer(acme=acme(by_ingress(podTemplate={"metadata": {"labels": {"a": "b"}}}), by_gateway(), DNS01)),
        cluster_issuer(**VAULT),
    ],
    bad=[
        issuer(acme=acme(by_ingress(podTemplate=template({"runAsUser": 1000})))),
        cluster_issuer(acme=acme(by_gateway(podTemplate=template({"runAsNonRoot": True})))),
        issuer(acme=acme(by_ingress(podTemplate=template({})))),
        issuer(acme=acme(by_ingress(podTemplate=template({**RESTRICTED_POD, "runAsNonRoot": False})))),
        issuer(acme=acme(by_ingress(podTemplate=template({**RESTRICTED_POD, "runAsNonRoot": "true"})))),
        issuer(acme=acme(by_ingress(podTemplate=template({**RESTRICTED_POD, "seccompProfile": {}})))),
        cluster_issuer(
            acme=acme(
                by_ingress(podTemplate=template(RESTRICTED_POD)),
                by_ingress(podTemplate=template({**RESTRICTED_POD, "seccompProfile": {"type": "Unconfined"}})),
            )
        ),
    ],
)
def solver_podtemplate_security(issuer: AnyIssuer) -> Condition:
    """An issuer that sets a security context for its ACME solvers keeps what cert-manager sets.

    A `securityContext` in the pod template of a solver does not add to the one that cert-manager gives its pods, it
    takes its place. One that sets nothing but a user or a group leaves a pod that may run as root, without a seccomp
    profile, and answers the Internet.
    """

    def is_kept(solver: Http01) -> Condition:
        context = solver.podTemplate.spec.securityContext
        confined = context.seccompProfile.type.is_in(["RuntimeDefault", "Localhost"])
        return context.absent() | (context.runAsNonRoot.is_true() & confined)

    return every_http01(issuer, is_kept)
