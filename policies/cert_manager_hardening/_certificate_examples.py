"""Certificates."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def certificate(key: Json = None, /, **spec: Json) -> JsonMap:
    """A Certificate with this private key, None for none; `spec` adds to its spec."""
    private: JsonMap = {} if key is None else {"privateKey": key}
    issuer: JsonMap = {"name": "ca", "kind": "ClusterIssuer"}
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "shop", "namespace": "shop"},
        "spec": {"secretName": "shop-tls", "dnsNames": ["shop.example"], "issuerRef": issuer, **private, **spec},
    }
