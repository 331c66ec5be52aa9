"""cmv-token-volume-mode"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every, token_volumes
from ._examples import BROUGHT, each, token_volume, values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} has a token volume whose defaultMode is not allowed",
    helm_values={
        "volumes": [token_volume()],
        "webhook.volumes": [token_volume()],
        "cainjector.volumes": [token_volume()],
        "startupapicheck.volumes": [token_volume()],
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(BROUGHT), values()],
    bad=[each({"volumes": [token_volume(mode=420)]}), values(webhook={"volumes": [token_volume(mode=None)]})],
)
def token_volume_mode(values: CertManagerValues, modes: Sequence[int] = (0o444,)) -> Condition:
    """The token volumes of the values let nobody write.

    The mode of Kubernetes by default lets the owner write.

    Parameters:
        modes: Modes that are allowed
    """
    return every(values, lambda part: token_volumes(part).all(lambda each: each.projected.defaultMode.is_in(modes)))
