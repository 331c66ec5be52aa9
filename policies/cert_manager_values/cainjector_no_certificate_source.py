"""cmv-cainjector-no-certificate-source"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, match, rule, switch
from cmpolicy.kinds import CertManagerValues

from ._components import LISTS
from ._examples import OFF, values

_FLAG = "--enable-certificates-data-source"


def _with(*arguments: str) -> dict[str, list[str]]:
    return {"extraArgs": list(arguments)}


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="the cainjector watches Certificates that it does not need",
    remedy=LISTS,
    helm_values={"cainjector.extraArgs": [f"{_FLAG}=false"]},
    sources=["Scalability: Memory"],
    profiles=("best-practice",),
    good=[
        values(cainjector=_with(f"{_FLAG}=false")),
        values(cainjector=_with(_FLAG, f"{_FLAG}=0")),
        values(cainjector=OFF),
    ],
    bad=[
        values(),
        values(extraArgs=[f"{_FLAG}=false"]),
        values(cainjector=_with(_FLAG)),
        values(cainjector=_with(_FLAG, "false")),
        values(cainjector=_with(f"{_FLAG}=false", f"{_FLAG}=true")),
    ],
)
def cainjector_no_certificate_source(values: CertManagerValues, exclusive: bool = True) -> Condition:
    """The values keep a cainjector that serves cert-manager alone from watching Certificates.

    The CA of cert-manager's own webhook comes from a Secret; every Certificate of the cluster would be kept in memory for
    nothing.

    Parameters:
        exclusive: Nothing but cert-manager's webhook depends on the cainjector; if false, the rule asks for nothing
    """
    without = switch(values.cainjector.extraArgs, "enable-certificates-data-source").is_off()
    return given(exclusive).implies(values.cainjector.enabled.is_false() | without)
