"""cm-solver-service-clusterip"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule

from ._issuer_examples import DNS01, VAULT, acme, by_gateway, by_ingress, cluster_issuer, issuer
from ._issuers import ISSUERS, AnyIssuer, every_http01
from ._sources import HARDENING, guide


@rule(
    severity="medium",
    match=ISSUERS,
    message="{kind} {name} has ACME solvers that every node opens a port for",
    remedy="Set `serviceType: ClusterIP` in each `http01` solver of the issuer; absent, it is NodePort",
    docs="https://cert-manager.io/docs/configuration/acme/http01/",
    sources=guide("T-04"),
    profiles=HARDENING,
    good=[
        issuer(acme=acme(by_ingress(serviceType="ClusterIP"))),
        cluster_issuer(acme=acme(by_gateway(serviceType="ClusterIP"), DNS01)),
        issuer(acme=acme(DNS01)),
        issuer(acme=acme({"http01": {"ingress": None}})),
        cluster_issuer(**VAULT),
        issuer(),
    ],
    bad=[
        issuer(acme=acme(by_ingress())),
        cluster_issuer(acme=acme(by_gateway())),
        issuer(acme=acme(by_ingress(serviceType="NodePort"))),
        issuer(acme=acme(by_ingress(serviceType=None))),
        issuer(acme=acme({"http01": {"ingress": {}}})),
        cluster_issuer(acme=acme(by_ingress(serviceType="ClusterIP"), by_ingress())),
        cluster_issuer(acme=acme(by_ingress(serviceType="ClusterIP"), by_gateway(serviceType="LoadBalancer"))),
    ],
)
def solver_service_clusterip(issuer: AnyIssuer) -> Condition:
    """ACME solvers are reached through the ingress or gateway alone.

    For each HTTP01 challenge cert-manager makes a Service, and unless the issuer says otherwise that Service opens a
    port on every node. Whoever reaches a node then reaches the solver around the ingress, and whatever guards it.
    """
    return every_http01(issuer, lambda solver: solver.serviceType == "ClusterIP")
