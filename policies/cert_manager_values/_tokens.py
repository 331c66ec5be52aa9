"""The token that a component brings itself, where none is mounted automatically; else there is nothing to ask."""

from __future__ import annotations

from cmpolicy.dsl import Condition, List
from cmpolicy.kinds import Volume, VolumeMount

from ._components import Part

MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"


def is_explicit(part: Part) -> Condition:
    """The component's pods mount no token by themselves."""
    return part.automountServiceAccountToken.is_false()


def tokens(part: Part) -> List[Volume]:
    """The volumes that project a ServiceAccount's token."""
    return part.volumes.where(
        lambda volume: volume.projected.sources.any(lambda source: source.serviceAccountToken.exists())
    )


def mounts_token(mount: VolumeMount, part: Part) -> Condition:
    """It mounts one of the component's token volumes."""
    return tokens(part).any(lambda volume: volume.name == mount.name)
