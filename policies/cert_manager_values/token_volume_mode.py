"""cmv-token-volume-mode"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues, Volume, VolumeProjection

from ._components import LISTS, Part, every, for_every
from ._examples import CA, NAMESPACE, TOKEN, WRITABLE_CA, brought, each, token_volume, values
from ._profiles import BEST_PRACTICE
from ._tokens import is_explicit, tokens


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="the files of a token volume do not all have an allowed mode",
    remedy=LISTS,
    helm_values=for_every("volumes", [token_volume()], is_explicit),
    sources=["Best Practice Helm Chart Values"],
    profiles=BEST_PRACTICE,
    good=[
        each(brought()),
        values(),
        values(volumes=[token_volume(mode=420)]),
        values(
            **brought(volumes=[{"name": "other", "projected": {"defaultMode": 420, "sources": [CA]}}, token_volume()])
        ),
    ],
    bad=[
        each(brought(volumes=[token_volume(mode=420)])),
        values(webhook=brought(volumes=[token_volume(mode=None)])),
        values(cainjector=brought(volumes=[token_volume(mode=256)])),
        values(startupapicheck=brought(volumes=[token_volume(TOKEN, WRITABLE_CA, NAMESPACE)])),
    ],
)
def token_volume_mode(values: CertManagerValues, allowed: Sequence[int] = (0o444,)) -> Condition:
    """Nobody can write to the files of the values' token volumes, and cert-manager's user can read them.

    A volume without a mode gets 0644, which lets its owner write; 0400 keeps cert-manager's own user from reading. YAML
    reads `0444` as 292, the same number in decimal.

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

    def fits(part: Part) -> Condition:
        return is_explicit(part).implies(tokens(part).all(has_allowed_mode))

    return every(values, fits)
