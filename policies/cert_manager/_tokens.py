"""ServiceAccount tokens that pods mount themselves instead of having Kubernetes mount them.

The rules on the explicit volume look only at pods that switch the automatic mount off (`explicit_tokens`). Asked of
every pod they would fail wherever `cm-pod-automount-disabled` fails already: six findings for one cause. They would
also be wrong of Pods under admission, to which the API server has added a token volume of its own, with the mode
0644, by the time that policies see them. So where the mount is automatic there is nothing to check. That no sidecar
gets the token is asked of every pod.
"""

from __future__ import annotations

from cmpolicy.dsl import Condition, List, Match, Workload
from cmpolicy.kinds import Container, PodSpec, Volume, VolumeMount, VolumeProjection

from ._components import every_workload

MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
PREFIX = "cert-manager-"


def explicit_tokens() -> Match:
    """The workloads of every component whose pods do not mount a token automatically."""
    return every_workload().where(_mounts_nothing_itself)


def _mounts_nothing_itself(workload: Workload) -> Condition:
    return workload.pod.automountServiceAccountToken.is_false()


def token_volumes(pod: PodSpec) -> List[Volume]:
    """The volumes that project a ServiceAccount's token."""
    return pod.volumes.where(lambda volume: volume.projected.sources.any(_is_token))


def _is_token(source: VolumeProjection) -> Condition:
    return source.serviceAccountToken.exists()


def mounts_token(mount: VolumeMount, pod: PodSpec) -> Condition:
    """It mounts one of the pod's token volumes."""
    return token_volumes(pod).any(lambda volume: volume.name == mount.name)


def own_containers(pod: PodSpec, prefix: str) -> List[Container]:
    """cert-manager's own containers, told by the prefix of their name as the chart sets it."""
    return pod.containers.where(lambda container: container.name.starts_with(prefix))
