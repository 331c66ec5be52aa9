"""cmv-cainjector-no-certificate-source"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule, switch
from cmpolicy.kinds import CertManagerValues

from ._examples import values


@rule(
    severity="low",
    match=match(CertManagerValues),
    message="{name} does not pass --enable-certificates-data-source=false in cainjector.extraArgs",
    helm_values={"cainjector.extraArgs": ["--enable-certificates-data-source=false"]},
    sources=["Scalability: Memory"],
    good=[
        values(cainjector={"extraArgs": ["--enable-certificates-data-source=false"]}),
        values(cainjector={"enabled": False}),
    ],
    bad=[values(), values(cainjector={"extraArgs": ["--enable-certificates-data-source"]})],
)
def cainjector_no_certificate_source(values: CertManagerValues) -> Condition:
    """The values keep the cainjector from watching Certificates.

    It spares memory where nothing but cert-manager depends on the cainjector; else leave the rule out.
    """
    watched = switch(values.cainjector.extraArgs, "enable-certificates-data-source")
    return (watched == "false") | values.cainjector.enabled.is_false()
