"""cmv-token-mount-readonly"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import LISTS, Part, every, for_every
from ._examples import brought, each, mount, values
from ._profiles import BEST_PRACTICE
from ._tokens import is_explicit, mounts_token


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="a token volume is mounted and not read-only",
    remedy=LISTS,
    helm_values=for_every("volumeMounts", [mount()], is_explicit),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        values(),
        values(volumeMounts=[mount(readOnly=None)]),
        values(**brought(volumeMounts=[mount(), mount(name="tmp", mountPath="/tmp", readOnly=None)])),
    ],
    bad=[
        each(brought(volumeMounts=[mount(readOnly=False)])),
        values(webhook=brought(volumeMounts=[mount(readOnly=None)])),
        values(startupapicheck=brought(volumeMounts=[mount(), mount(mountPath="/again", readOnly=False)])),
    ],
)
def token_mount_readonly(values: CertManagerValues) -> Condition:
    """The values mount the token volume read-only.

    Read-only, a compromised process cannot replace the token or the CA that cert-manager's clients trust.
    """

    def mounts_readonly(part: Part) -> Condition:
        mounts = part.volumeMounts.where(lambda mount: mounts_token(mount, part))
        return is_explicit(part).implies(mounts.all(lambda mount: mount.readOnly.is_true()))

    return every(values, mounts_readonly)
