"""cm-token-volume-mode"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Workload, rule
from cmpolicy.kinds import Volume, VolumeProjection

from ._examples import deployment, job, pod, unlabeled
from ._helm import for_every_component
from ._token_examples import CA, NAMESPACE, TOKEN, explicit, explicit_pod, token_volume
from ._token_sources_examples import ca, of
from ._tokens import explicit_tokens, token_volumes

_READABLE_BY_ALL = 0o444
_CA_WRITABLE = ca(items=[{"key": "ca.crt", "path": "ca.crt", "mode": 420}])


@rule(
    severity="medium",
    match=explicit_tokens(),
    message="the files of the token volume of {kind} {name} do not all have an allowed mode",
    helm_values=for_every_component("volumes", [token_volume()]),
    controls=["BSI SYS.1.6.A19"],
    sources=["Best Practice Helm Chart Values"],
    good=[
        pod(**explicit_pod()),
        of(TOKEN, CA, NAMESPACE),
        explicit("webhook", volumes=[token_volume(mode=_READABLE_BY_ALL)]),
        explicit(volumes=[{"name": "other", "projected": {"defaultMode": 420, "sources": [CA]}}, token_volume()]),
        job(**explicit_pod("startupapicheck", volumes=[])),
        deployment(volumes=[token_volume(mode=420)]),
    ],
    bad=[
        explicit(volumes=[token_volume(mode=256)]),
        explicit(volumes=[token_volume(mode=None)]),
        explicit(volumes=[token_volume(mode=420)]),
        explicit(volumes=[token_volume(mode="0444")]),
        explicit(volumes=[token_volume(mode=444)]),
        of(TOKEN, _CA_WRITABLE, NAMESPACE),
        job(**explicit_pod("startupapicheck", volumes=[token_volume(mode=511)])),
        unlabeled(pod(**explicit_pod(volumes=[token_volume(), token_volume(mode=420, name="second")]))),
    ],
)
def token_volume_mode(workload: Workload, allowed: Sequence[int] = (_READABLE_BY_ALL,)) -> Condition:
    """Nobody can write to the files of the token volume, and cert-manager's user can read them.

    cert-manager runs as a user that owns none of these files: 0444 lets it read them and lets nobody write. With 0400
    it could not read its token, and the default of Kubernetes, 0644, leaves the owner the right to write. A mode of a
    single file would override the volume's. Manifests show 0444 as 292, which is the same number in decimal.

    Parameters:
        allowed: Modes that the files may have, in decimal
    """

    def overrides_mode(source: VolumeProjection) -> Condition:
        return (
            source.configMap.items.any(lambda item: item.mode.exists())
            | source.downwardAPI.items.any(lambda item: item.mode.exists())
            | source.secret.items.any(lambda item: item.mode.exists())
        )

    def has_allowed_mode(volume: Volume) -> Condition:
        projected = volume.projected
        return projected.defaultMode.default(0o644).is_in(allowed) & projected.sources.none(overrides_mode)

    return token_volumes(workload.pod).all(has_allowed_mode)
