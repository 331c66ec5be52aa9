"""cmv-token-mount-readonly"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every
from ._examples import BROUGHT, MOUNT_PATH, each, mount, values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} mounts a token at {mount_path} that is not read-only",
    helm_values={
        "volumeMounts": [mount()],
        "webhook.volumeMounts": [mount()],
        "cainjector.volumeMounts": [mount()],
        "startupapicheck.volumeMounts": [mount()],
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(BROUGHT), values()],
    bad=[each({"volumeMounts": [mount(readOnly=False)]}), values(webhook={"volumeMounts": [mount(readOnly=None)]})],
)
def token_mount_readonly(values: CertManagerValues, mount_path: str = MOUNT_PATH) -> Condition:
    """The values mount the token read-only.

    Nothing has to write there.

    Parameters:
        mount_path: Where the token is mounted
    """
    return every(
        values,
        lambda part: part.volumeMounts.all(lambda each: (each.mountPath != mount_path) | each.readOnly.is_true()),
    )
