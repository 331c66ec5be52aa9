"""cm-token-mounted"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule
from cmpolicy.kinds import Container, VolumeMount

from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._helm import for_every_component
from ._token_examples import explicit, explicit_pod, mount, mounting, token_volume
from ._tokens import MOUNT_PATH, PREFIX, explicit_tokens, mounts_token, own_containers


@rule(
    severity="high",
    match=explicit_tokens(),
    message="{kind} {name} has a container of cert-manager that does not mount the token volume at {mount_path}",
    helm_values=for_every_component("volumeMounts", [mount()]),
    controls=["Datree CONTAINER_CVE2021_25741_INCORRECT_SUBPATH_KEY"],
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    good=[
        pod(**explicit_pod()),
        explicit(),
        explicit("webhook", containers=[mounting(mount(name="tmp", mountPath="/tmp"), mount()), sidecar()]),
        explicit(containers=[mounting(mount(subPath=""))]),
        explicit(initContainers=[sidecar()]),
        job(**explicit_pod("startupapicheck")),
        deployment(),
        other_webhook(),
    ],
    bad=[
        job(**explicit_pod("startupapicheck", volumes=[])),
        explicit(containers=[{**mounting(), "volumeMounts": None}]),
        explicit("webhook", containers=[mounting(mount(mountPath=f"{MOUNT_PATH}/token", subPath="token"))]),
        explicit(containers=[mounting(mount(subPath="token"))]),
        explicit(containers=[mounting(mount(subPathExpr="$(POD_NAME)"))]),
        explicit(containers=[mounting(mount(mountPath="/var/run/secrets/tokens"))]),
        explicit(containers=[mounting(mount(name="tmp"))]),
        explicit(containers=[mounting(), {**mounting(mount(name="tmp")), "name": "cert-manager-second"}]),
        explicit(containers=[sidecar(volumeMounts=[mount()]), {**mounting(), "volumeMounts": []}]),
        explicit(volumes=[]),
        unlabeled(pod(**explicit_pod(volumes=[token_volume(name="other")]))),
    ],
)
def token_mounted(workload: Workload, mount_path: str = MOUNT_PATH, container_prefix: str = PREFIX) -> Condition:
    """cert-manager's containers mount the token volume where clients look for it.

    Client libraries read the token at one fixed path. A volume that no container mounts there leaves them without
    credentials. A mount of a single file, through a sub-path, shows the first token for ever: the kubelet renews the
    volume and not the file, and after an hour the API server refuses cert-manager.

    Parameters:
        mount_path: Where the token volume has to be mounted
        container_prefix: What the names of cert-manager's own containers start with
    """

    def is_whole_volume(mount: VolumeMount) -> Condition:
        return (mount.subPath.default("") == "") & (mount.subPathExpr.default("") == "")

    def mounts_it(container: Container) -> Condition:
        return container.volumeMounts.any(
            lambda mount: (mount.mountPath == mount_path) & is_whole_volume(mount) & mounts_token(mount, workload.pod)
        )

    return own_containers(workload.pod, container_prefix).all(mounts_it)
