"""cmv-token-mounted"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues, VolumeMount

from ._components import LISTS, Part, every, for_every
from ._examples import brought, each, mount, values
from ._profiles import BEST_PRACTICE
from ._tokens import MOUNT_PATH, is_explicit, mounts_token


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="a component mounts no token automatically, and no token volume at {mount_path}",
    remedy=LISTS,
    helm_values=for_every("volumeMounts", [mount()], is_explicit),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        values(),
        values(volumeMounts=[mount(mountPath="/token")]),
        each(brought(), startupapicheck={"enabled": False, "automountServiceAccountToken": False}),
    ],
    bad=[
        values(automountServiceAccountToken=False),
        each(brought(volumeMounts=[])),
        each(brought(), webhook=brought(volumeMounts=[mount(mountPath="/token")])),
        values(cainjector=brought(volumeMounts=[mount(name="tmp")])),
        values(startupapicheck=brought(volumeMounts=[mount(subPath="token")])),
    ],
)
def token_mounted(values: CertManagerValues, mount_path: str = MOUNT_PATH) -> Condition:
    """The values mount the token volume where clients look for it.

    Client libraries read the token at one fixed path. A mount of a single file, through a sub-path, shows the first token
    for ever.

    Parameters:
        mount_path: Where the token volume has to be mounted
    """

    def is_whole_volume(mount: VolumeMount) -> Condition:
        return (mount.subPath.default("") == "") & (mount.subPathExpr.default("") == "")

    def mounts_it(part: Part) -> Condition:
        found = part.volumeMounts.any(
            lambda mount: (mount.mountPath == mount_path) & is_whole_volume(mount) & mounts_token(mount, part)
        )
        return is_explicit(part).implies(found)

    return every(values, mounts_it)
