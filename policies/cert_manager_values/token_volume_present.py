"""cmv-token-volume-present"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import every, explicit, token_volumes
from ._examples import BROUGHT, each, token_volume, values


@rule(
    severity="critical",
    match=match(CertManagerValues),
    message="{name} switches the automatic mount off and has not exactly one token volume",
    helm_values={
        "volumes": [token_volume()],
        "webhook.volumes": [token_volume()],
        "cainjector.volumes": [token_volume()],
        "startupapicheck.volumes": [token_volume()],
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(BROUGHT), values()],
    bad=[
        each({**BROUGHT, "volumes": []}),
        values(automountServiceAccountToken=False),
        each(BROUGHT, webhook={**BROUGHT, "volumes": [token_volume(), token_volume()]}),
    ],
)
def token_volume_present(values: CertManagerValues) -> Condition:
    """The values bring a token where none is mounted automatically.

    Without it the components cannot reach the API server, and do not start.
    """
    return every(values, lambda part: explicit(part, token_volumes(part).length() == 1))
