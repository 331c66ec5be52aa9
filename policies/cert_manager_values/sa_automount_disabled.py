"""cmv-sa-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import Part, every, for_every
from ._examples import ACCOUNT_MOUNTS_NOTHING, OFF, each, values
from ._profiles import BEST_PRACTICE


def _mounts_nothing(part: Part) -> Condition:
    account = part.serviceAccount
    return account.create.is_false() | account.automountServiceAccountToken.is_false()


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="not every component has serviceAccount.automountServiceAccountToken: false",
    helm_values=for_every("serviceAccount.automountServiceAccountToken", False, lambda part: ~_mounts_nothing(part)),
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    profiles=BEST_PRACTICE,
    good=[
        each(ACCOUNT_MOUNTS_NOTHING),
        each(ACCOUNT_MOUNTS_NOTHING, startupapicheck=OFF),
        each(ACCOUNT_MOUNTS_NOTHING, cainjector=OFF),
        each(ACCOUNT_MOUNTS_NOTHING, webhook={"serviceAccount": {"create": False}}),
    ],
    bad=[
        values(),
        values(**ACCOUNT_MOUNTS_NOTHING),
        each(ACCOUNT_MOUNTS_NOTHING, startupapicheck={}),
        each(ACCOUNT_MOUNTS_NOTHING, webhook={"serviceAccount": {"create": True}}),
    ],
)
def sa_automount_disabled(values: CertManagerValues) -> Condition:
    """The values let no ServiceAccount mount its token by itself.

    The chart's accounts mount it into every pod that uses them. Accounts that the chart does not create are not judged: what
    they say is in no values.
    """
    return every(values, _mounts_nothing)
