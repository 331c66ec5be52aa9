"""cm-certificate-rotation-always"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, match, rule
from cmpolicy.kinds import Certificate

from ._certificate_examples import certificate
from ._sources import HARDENING, guide


@rule(
    severity="medium",
    match=match(Certificate),
    message="Certificate {name} keeps its private key when it is renewed",
    remedy="Set `spec.privateKey.rotationPolicy: Always`, and have what reads the Secret reload it",
    docs="https://cert-manager.io/docs/usage/certificate/",
    sources=guide("T-05", "R-CONFIG-03"),
    profiles=HARDENING,
    good=[
        certificate({"rotationPolicy": "Always"}),
        certificate({"algorithm": "ECDSA"}),
        certificate({"rotationPolicy": None}),
        certificate(),
    ],
    bad=[
        certificate({"rotationPolicy": "Never"}),
        certificate({"rotationPolicy": "Never", "algorithm": "Ed25519"}),
        certificate({"rotationPolicy": "Never"}, duration="1h"),
    ],
)
def certificate_rotation_always(certificate: Certificate, explicit: bool = False) -> Condition:
    """Each renewal of a certificate makes a new private key.

    A renewed certificate on the old key is no remedy for a key that leaked: who holds it can go on for as long as
    certificates are renewed. Since v1.18 of cert-manager a Certificate that does not choose gets a new key each time;
    before, it kept the key.

    Parameters:
        explicit: Ask for `Always` to be written, for cert-manager before v1.18
    """
    policy = certificate.spec.privateKey.rotationPolicy
    return (policy != "Never") & given(explicit).implies(policy.exists())
