"""cmv-pod-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import LISTS, Part, every, for_every
from ._examples import OFF, POD_MOUNTS_NOTHING, each, mount, token_volume, values
from ._profiles import BEST_PRACTICE
from ._tokens import tokens


def _mounts_nothing(part: Part) -> Condition:
    return part.automountServiceAccountToken.is_false()


def _needs_token(part: Part) -> Condition:
    return ~_mounts_nothing(part) & tokens(part).is_empty()


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="not every component has automountServiceAccountToken: false",
    remedy=f"Bring the token in a volume of its own at the same time. {LISTS}",
    helm_values={
        **for_every("automountServiceAccountToken", False, lambda part: ~_mounts_nothing(part)),
        **for_every("volumes", [token_volume()], _needs_token),
        **for_every("volumeMounts", [mount()], _needs_token),
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    profiles=BEST_PRACTICE,
    good=[
        each(POD_MOUNTS_NOTHING),
        each(POD_MOUNTS_NOTHING, startupapicheck=OFF),
        each(POD_MOUNTS_NOTHING, cainjector=OFF),
    ],
    bad=[
        values(),
        values(**POD_MOUNTS_NOTHING),
        each(POD_MOUNTS_NOTHING, startupapicheck={}),
        each(POD_MOUNTS_NOTHING, webhook={"automountServiceAccountToken": True}),
    ],
)
def pod_automount_disabled(values: CertManagerValues) -> Condition:
    """The values let no pod mount its ServiceAccount's token by itself.

    A token that Kubernetes mounts goes into every container of the pod, also into sidecars. Where it is switched off,
    `cmv-token-volume-present` asks for a volume in its place.
    """
    return every(values, _mounts_nothing)
