"""cmv-token-mounted"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every, explicit
from ._examples import BROUGHT, MOUNT_PATH, each, mount, values


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="{name} mounts no token at {mount_path} in every component",
    helm_values={
        "volumeMounts": [mount()],
        "webhook.volumeMounts": [mount()],
        "cainjector.volumeMounts": [mount()],
        "startupapicheck.volumeMounts": [mount()],
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(BROUGHT), values()],
    bad=[
        each({**BROUGHT, "volumeMounts": []}),
        values(automountServiceAccountToken=False),
        each({**BROUGHT, "volumeMounts": [mount(mountPath="/token")]}),
    ],
)
def token_mounted(values: CertManagerValues, mount_path: str = MOUNT_PATH) -> Condition:
    """The values mount the token that they bring.

    A component finds its token only at the usual path.

    Parameters:
        mount_path: Where the token is mounted
    """
    return every(values, lambda part: explicit(part, part.volumeMounts.any(lambda each: each.mountPath == mount_path)))
