"""cmv-token-volume-sources"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, match, rule
from cmpolicy.kinds import CertManagerValues, Volume

from ._components import LISTS, Part, every, for_every
from ._examples import CA, NAMESPACE, TOKEN, brought, each, token_volume, values
from ._profiles import BEST_PRACTICE
from ._token_sources import is_ca, is_namespace, is_token
from ._tokens import is_explicit, tokens


@rule(
    severity="high",
    match=match(CertManagerValues),
    message="a token volume does not hold exactly the token, the CA and the namespace",
    remedy=LISTS,
    helm_values=for_every("volumes", [token_volume()], is_explicit),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        each(brought(volumes=[token_volume(NAMESPACE, CA, TOKEN)])),
        values(),
        values(volumes=[token_volume(TOKEN)]),
    ],
    bad=[
        each(brought(volumes=[token_volume(TOKEN, CA)])),
        values(webhook=brought(volumes=[token_volume(TOKEN, CA, NAMESPACE, {"secret": {"name": "more"}})])),
        values(cainjector=brought(volumes=[token_volume(TOKEN, TOKEN, CA)])),
        values(startupapicheck=brought(volumes=[token_volume({"serviceAccountToken": {"path": "t"}}, CA, NAMESPACE)])),
    ],
)
def token_volume_sources(values: CertManagerValues, allow_extra: bool = False) -> Condition:
    """The token volumes of the values hold exactly what Kubernetes would have mounted.

    Clients look for the token, the cluster's CA and the pod's namespace in three files; one that is missing or named
    otherwise breaks them, and anything more lies where every process of the pod can read it.

    Parameters:
        allow_extra: Accept more sources beside the three
    """

    def holds_the_three(volume: Volume) -> Condition:
        sources = volume.projected.sources
        the_three = sources.one(is_token) & sources.one(is_ca) & sources.one(is_namespace)
        return the_three & (given(allow_extra) | (sources.length() == 3))

    def fits(part: Part) -> Condition:
        return is_explicit(part).implies(tokens(part).all(holds_the_three))

    return every(values, fits)
