"""cmv-pod-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every
from ._examples import POD_MOUNTS_NOTHING, each, values


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="{name} does not set automountServiceAccountToken to false for every component",
    helm_values={
        "automountServiceAccountToken": False,
        "webhook.automountServiceAccountToken": False,
        "cainjector.automountServiceAccountToken": False,
        "startupapicheck.automountServiceAccountToken": False,
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(POD_MOUNTS_NOTHING), each(POD_MOUNTS_NOTHING, startupapicheck={"enabled": False})],
    bad=[values(), values(**POD_MOUNTS_NOTHING), each(POD_MOUNTS_NOTHING, startupapicheck={})],
)
def pod_automount_disabled(values: CertManagerValues) -> Condition:
    """The values switch the automatic mount of tokens off, for pods.

    A token that is mounted automatically reaches every container of the pod.
    """
    return every(values, lambda part: part.automountServiceAccountToken.is_false())
