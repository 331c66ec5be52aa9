"""Issuers and ClusterIssuers."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

DNS01: JsonMap = {"dns01": {"route53": {"region": "eu-central-1"}}}
VAULT: JsonMap = {"vault": {"server": "https://vault.example", "path": "pki/sign/shop"}}
LOCALHOST: JsonMap = {"type": "Localhost", "localhostProfile": "solver.json"}


def issuer(**spec: Json) -> JsonMap:
    """An Issuer with this spec."""
    metadata: JsonMap = {"name": "issuer", "namespace": "shop"}
    return {"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": metadata, "spec": spec}


def cluster_issuer(**spec: Json) -> JsonMap:
    """A ClusterIssuer with this spec."""
    metadata: JsonMap = {"name": "issuer"}
    return {"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": metadata, "spec": spec}


def acme(*solvers: Json, server: Json = "https://acme.example/directory") -> JsonMap:
    """The ACME part of an issuer's spec: `issuer(acme=acme(...))`."""
    return {"server": server, "privateKeySecretRef": {"name": "account"}, "solvers": list(solvers)}


def by_ingress(**fields: Json) -> JsonMap:
    """A solver of HTTP01 challenges behind an Ingress."""
    return {"http01": {"ingress": {"ingressClassName": "nginx", **fields}}}


def by_gateway(**fields: Json) -> JsonMap:
    """A solver of HTTP01 challenges behind a Gateway."""
    return {"http01": {"gatewayHTTPRoute": {"parentRefs": [{"name": "gateway"}], **fields}}}


def template(context: Json) -> JsonMap:
    """A pod template with this security context, None for none."""
    return {"spec": {"priorityClassName": "low", "securityContext": context}}
