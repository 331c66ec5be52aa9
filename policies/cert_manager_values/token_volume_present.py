"""cmv-token-volume-present"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import LISTS, Part, every, for_every
from ._examples import VOLUME, brought, each, token_volume, values
from ._profiles import BEST_PRACTICE
from ._tokens import is_explicit, tokens


@rule(
    severity="critical",
    match=match(CertManagerValues),
    message="a component mounts no token automatically and has not exactly one token volume, named {volume_name}",
    remedy=LISTS,
    helm_values=for_every("volumes", [token_volume()], is_explicit),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        each(brought(volumes=[{"name": "tmp", "emptyDir": {}}, token_volume()])),
        values(),
        values(automountServiceAccountToken=True),
        each(brought(), cainjector={"enabled": False, "automountServiceAccountToken": False}),
    ],
    bad=[
        values(automountServiceAccountToken=False),
        each(brought(volumes=[])),
        each(brought(), webhook=brought(volumes=[token_volume(), token_volume(name="vault-token")])),
        each(brought(), startupapicheck=brought(volumes=[token_volume(name="other")])),
        values(cainjector=brought(volumes=[{"name": VOLUME, "emptyDir": {}}])),
    ],
)
def token_volume_present(values: CertManagerValues, volume_name: str = VOLUME) -> Condition:
    """The values bring a token volume wherever no token is mounted automatically.

    Without credentials a component cannot reach the API server and does not start; with two token volumes it is unclear
    which one it uses.

    Parameters:
        volume_name: Name of the token volume
    """

    def brings_one(part: Part) -> Condition:
        found = tokens(part)
        return is_explicit(part).implies((found.length() == 1) & found.all(lambda volume: volume.name == volume_name))

    return every(values, brings_one)
