"""cm-token-expiry"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule
from cmpolicy.kinds import Volume, VolumeProjection

from ._examples import deployment, job, pod, unlabeled
from ._helm import for_every_component
from ._token_examples import TOKEN, explicit_pod, token, token_volume
from ._token_sources_examples import of
from ._tokens import explicit_tokens, token_volumes

_LEAST = 600
"""The shortest lifetime that the API server grants."""


@rule(
    severity="low",
    match=explicit_tokens(),
    message="{kind} {name} asks for a token that lives shorter than 600 seconds or longer than {maximum}",
    helm_values=for_every_component("volumes", [token_volume()]),
    controls=["CIS 1.2.30"],
    sources=["Best Practice Helm Chart Values"],
    good=[
        pod(**explicit_pod()),
        of(TOKEN),
        of(token(expirationSeconds=600)),
        of(token(expirationSeconds=None)),
        job(**explicit_pod("startupapicheck", volumes=None)),
        deployment(volumes=[token_volume(token(expirationSeconds=86400))]),
    ],
    bad=[
        job(**explicit_pod("startupapicheck", volumes=[token_volume(token(expirationSeconds=0))])),
        of(token(expirationSeconds=3608)),
        of(token(expirationSeconds=599)),
        of(token(expirationSeconds="3607")),
        of(TOKEN, token(expirationSeconds=86400)),
        unlabeled(pod(**explicit_pod(volumes=[token_volume(), token_volume(token(expirationSeconds=0))]))),
    ],
)
def token_expiry(workload: Workload, maximum: int = 3607) -> Condition:
    """cert-manager's tokens live for about an hour at most.

    A token that leaks is worth as much as its remaining lifetime; the kubelet renews it in time, so nothing is gained
    by a longer one. An absent lifetime is the 3600 seconds that the API server sets. One of exactly 3607, which the
    page shows, is also what Kubernetes takes for its own mounts: an API server that extends tokens for old clients
    extends it too, to a year.

    Parameters:
        maximum: Longest lifetime in seconds
    """

    def is_bounded(source: VolumeProjection) -> Condition:
        token = source.serviceAccountToken
        return token.absent() | token.expirationSeconds.default(3600).between(_LEAST, maximum)

    def tokens_are_bounded(volume: Volume) -> Condition:
        return volume.projected.sources.all(is_bounded)

    return token_volumes(workload.pod).all(tokens_are_bounded)
