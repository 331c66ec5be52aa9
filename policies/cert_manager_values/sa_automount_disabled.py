"""cmv-sa-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every
from ._examples import ACCOUNT_MOUNTS_NOTHING, each, values


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="{name} does not set serviceAccount.automountServiceAccountToken to false for every component",
    helm_values={
        "serviceAccount.automountServiceAccountToken": False,
        "webhook.serviceAccount.automountServiceAccountToken": False,
        "cainjector.serviceAccount.automountServiceAccountToken": False,
        "startupapicheck.serviceAccount.automountServiceAccountToken": False,
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(ACCOUNT_MOUNTS_NOTHING), each(ACCOUNT_MOUNTS_NOTHING, startupapicheck={"enabled": False})],
    bad=[values(), values(**ACCOUNT_MOUNTS_NOTHING), each(ACCOUNT_MOUNTS_NOTHING, startupapicheck={})],
)
def sa_automount_disabled(values: CertManagerValues) -> Condition:
    """The values switch the automatic mount of tokens off, for ServiceAccounts.

    A token that is mounted automatically reaches every container of the pod.
    """
    return every(values, lambda part: part.serviceAccount.automountServiceAccountToken.is_false())
