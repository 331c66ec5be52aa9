"""cm-certificate-key-strength"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, match, rule
from cmpolicy.kinds import Certificate

from ._certificate_examples import certificate
from ._sources import HARDENING, guide


@rule(
    severity="medium",
    match=match(Certificate),
    message="Certificate {name} has a weak {certificate.spec.privateKey.algorithm.default('RSA')} key",
    remedy="Set `spec.privateKey` to `algorithm: ECDSA` or `Ed25519`, or to RSA with `size: 4096`",
    docs="https://cert-manager.io/docs/usage/certificate/",
    sources=guide("R-CONFIG-04"),
    profiles=HARDENING,
    good=[
        certificate({"algorithm": "RSA", "size": 4096}),
        certificate({"size": 8192}),
        certificate({"algorithm": "RSA", "size": 3072}),
        certificate({"algorithm": "ECDSA"}),
        certificate({"algorithm": "ECDSA", "size": 384}),
        certificate({"algorithm": "Ed25519"}),
        certificate({"algorithm": "Ed25519", "size": 1}),
    ],
    bad=[
        certificate(),
        certificate({"algorithm": "RSA"}),
        certificate({"algorithm": "RSA", "size": 2048}),
        certificate({"size": 3071}),
        certificate({"size": "4096"}),
        certificate({"algorithm": "ECDSA", "size": 224}),
        certificate({"algorithm": "DSA", "size": 4096}),
    ],
)
def certificate_key_strength(certificate: Certificate, rsa_minimum: int = 3072, ecdsa_minimum: int = 256) -> Condition:
    """Private keys of certificates are strong.

    A key of 2048 bits, which a Certificate gets that asks for nothing, has about the strength that standards call the
    least for this decade. cert-manager makes RSA keys of 2048, 4096 and 8192 bits, so RSA means 4096 here; a key on an
    elliptic curve is as strong, shorter, and quicker to use.

    Parameters:
        rsa_minimum: Bits that an RSA key has at least
        ecdsa_minimum: Bits that an ECDSA key has at least
    """
    key = certificate.spec.privateKey
    algorithm = key.algorithm.default("RSA")
    return any_of(
        (algorithm == "RSA") & (key.size.default(2048) >= rsa_minimum),
        (algorithm == "ECDSA") & (key.size.default(256) >= ecdsa_minimum),
        algorithm == "Ed25519",
    )
