"""cmv-token-expiry"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues, VolumeProjection

from ._components import Part, every, token_volumes
from ._examples import BROUGHT, each, token_volume, values


@rule(
    severity="low",
    match=match(CertManagerValues),
    message="{name} has a token volume without an expiry of at most {maximum} seconds",
    helm_values={
        "volumes": [token_volume()],
        "webhook.volumes": [token_volume()],
        "cainjector.volumes": [token_volume()],
        "startupapicheck.volumes": [token_volume()],
    },
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[each(BROUGHT), values()],
    bad=[each({"volumes": [token_volume(expiry=86400)]}), values(volumes=[token_volume(expiry=None)])],
)
def token_expiry(values: CertManagerValues, maximum: int = 3607) -> Condition:
    """The tokens of the values expire.

    A token that leaks is of use until it expires.

    Parameters:
        maximum: Seconds that a token may be valid
    """

    def fits(part: Part) -> Condition:
        return token_volumes(part).all(lambda each: each.projected.sources.all(is_bounded))

    def is_bounded(source: VolumeProjection) -> Condition:
        token = source.serviceAccountToken
        return token.absent() | (token.expirationSeconds <= maximum)

    return every(values, fits)
