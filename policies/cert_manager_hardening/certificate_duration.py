"""cm-certificate-duration"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, seconds
from cmpolicy.kinds import Certificate

from ._certificate_examples import certificate
from ._sources import HARDENING, guide


@rule(
    severity="low",
    match=match(Certificate),
    message="Certificate {name} is good for {certificate.spec.duration}, longer than {maximum}",
    remedy="Set a shorter `spec.duration`, and have what reads the Secret reload it",
    controls=["Kyverno policy cert-manager-limit-duration"],
    docs="https://cert-manager.io/docs/usage/certificate/",
    sources=guide("R-ARCH-02"),
    profiles=HARDENING,
    good=[
        certificate(duration="2160h0m0s"),
        certificate(duration="2400h"),
        certificate(duration="2399h59m60s"),
        certificate(duration="144000m"),
        certificate(duration="1.5h"),
        certificate(duration=None),
        certificate(),
    ],
    bad=[
        certificate(duration="8760h"),
        certificate(duration="2400h0m1s"),
        certificate(duration="2400.001h"),
        certificate(duration="144001m"),
        certificate(duration="90d"),
        certificate(duration="2160"),
        certificate(duration=""),
        certificate(duration=2160),
    ],
)
def certificate_duration(certificate: Certificate, maximum: str = "2400h") -> Condition:
    """Certificates are good for a short time.

    A certificate whose key leaked is of use to others until it ends, and few clients ask whether it was revoked. Those
    that are renewed often also show early that the renewal works. A Certificate that does not choose gets 2160 hours.
    What is no duration in hours, minutes and seconds fails: cert-manager refuses most of that too.

    Parameters:
        maximum: The longest duration, in hours, minutes and seconds such as 90h30m
    """
    return seconds(certificate.spec.duration.default("2160h")) <= seconds(maximum)
