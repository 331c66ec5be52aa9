"""cmv-netpol-covers"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, only_for, rule
from cmpolicy.kinds import CertManagerValues

from ._components import Deployed, for_long_running, long_running
from ._examples import OFF, POLICY, all_but_the_check, values


def _has_policy(part: Deployed) -> Condition:
    return part.networkPolicy.enabled.is_true()


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="not every component has network policies that hold for it",
    helm_values={
        **for_long_running("networkPolicy.enabled", True, lambda part: ~_has_policy(part)),
        "webhook.hostNetwork": only_for(lambda values: values.webhook.hostNetwork.is_true(), False),
    },
    sources=["Network Requirements and Network Policy"],
    good=[all_but_the_check(POLICY), all_but_the_check(POLICY, cainjector=OFF)],
    bad=[
        values(),
        values(**POLICY),
        all_but_the_check(POLICY, webhook={"networkPolicy": {"enabled": False}}),
        all_but_the_check(POLICY, webhook={**POLICY, "hostNetwork": True}),
        all_but_the_check(POLICY, cainjector={"networkPolicy": {"egress": []}}),
    ],
)
def netpol_covers(values: CertManagerValues) -> Condition:
    """The values put each long-running component under network policies, for what comes in and what goes out.

    Without them every pod of the cluster may talk to cert-manager, and cert-manager to everything. They do not hold for a
    webhook on its node's network. For the startupapicheck the chart has none.
    """
    return long_running(values, _has_policy) & ~values.webhook.hostNetwork.is_true()
