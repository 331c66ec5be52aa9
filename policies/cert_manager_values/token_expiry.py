"""cmv-token-expiry"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues, VolumeProjection

from ._components import LISTS, Part, every, for_every
from ._examples import brought, each, lasting, token_volume, values
from ._profiles import BEST_PRACTICE
from ._tokens import is_explicit, tokens

_LEAST = 600
"""Seconds: the API server refuses less."""


@rule(
    severity="low",
    match=match(CertManagerValues),
    message="a token volume holds a token that does not live between 600 and {maximum} seconds",
    remedy=LISTS,
    helm_values=for_every("volumes", [token_volume()], is_explicit),
    sources=["Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        values(),
        values(volumes=[lasting(86400)]),
        values(**brought(volumes=[lasting(None)])),
        values(webhook=brought(volumes=[lasting(600)])),
    ],
    bad=[
        each(brought(volumes=[lasting(86400)])),
        values(webhook=brought(volumes=[lasting(3608)])),
        values(startupapicheck=brought(volumes=[lasting(599)])),
    ],
)
def token_expiry(values: CertManagerValues, maximum: int = 3607) -> Condition:
    """The tokens of the values live for about an hour at most.

    A token that leaks is worth as much as its remaining lifetime. One without a lifetime gets the 3600 seconds that the API
    server sets.

    Parameters:
        maximum: Longest lifetime in seconds
    """

    def is_bounded(source: VolumeProjection) -> Condition:
        token = source.serviceAccountToken
        return token.absent() | token.expirationSeconds.default(3600).between(_LEAST, maximum)

    def fits(part: Part) -> Condition:
        bounded = tokens(part).all(lambda volume: volume.projected.sources.all(is_bounded))
        return is_explicit(part).implies(bounded)

    return every(values, fits)
