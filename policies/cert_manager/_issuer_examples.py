"""Issuers and what they talk to."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

ACME: JsonMap = {"server": "https://acme-v02.api.letsencrypt.org/directory"}
WITH_DNS01: JsonMap = {"acme": {**ACME, "solvers": [{"http01": {}}, {"dns01": {"route53": {"region": "eu-west-1"}}}]}}
WITH_HTTP01: JsonMap = {"acme": {**ACME, "solvers": [{"http01": {"ingress": {}}}]}}


def issuer(spec: JsonMap, namespace: str = "shop") -> JsonMap:
    """An Issuer of a team."""
    metadata: JsonMap = {"name": "issuer", "namespace": namespace}
    return {"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": metadata, "spec": spec}


def cluster_issuer(spec: JsonMap) -> JsonMap:
    """The platform's ClusterIssuer."""
    metadata: JsonMap = {"name": "platform"}
    return {"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": metadata, "spec": spec}


def vault(server: Json) -> JsonMap:
    """The spec of an issuer that asks a Vault at this URL."""
    return {"vault": {"path": "pki/sign/shop", "server": server}}


def tpp(url: Json) -> JsonMap:
    """The spec of an issuer that asks a Trust Protection Platform at this URL."""
    return {"venafi": {"zone": "shop", "tpp": {"url": url}}}


def cloud(**fields: Json) -> JsonMap:
    """The spec of an issuer that asks the certificate manager's cloud service; `fields` may name its URL."""
    return {"venafi": {"zone": "shop", "cloud": fields}}
