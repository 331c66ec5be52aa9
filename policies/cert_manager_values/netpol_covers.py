"""cmv-netpol-covers"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import long_running
from ._examples import POLICIES, each, values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} does not set networkPolicy.enabled for every component",
    helm_values={
        "networkPolicy.enabled": True,
        "webhook.networkPolicy.enabled": True,
        "cainjector.networkPolicy.enabled": True,
    },
    sources=["Network Requirements and Network Policy"],
    good=[each(POLICIES), each(POLICIES, startupapicheck={}), each(POLICIES, cainjector={"enabled": False})],
    bad=[values(), values(**POLICIES)],
)
def netpol_covers(values: CertManagerValues) -> Condition:
    """The values switch the network policies on.

    Without one anything may connect to the component, and it to anything.
    """
    return long_running(values, lambda part: part.networkPolicy.enabled.is_true())
