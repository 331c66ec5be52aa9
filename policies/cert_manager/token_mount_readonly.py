"""cm-token-mount-readonly"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule
from cmpolicy.kinds import Container

from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._helm import for_every_component
from ._token_examples import explicit, explicit_pod, mount, mounting
from ._tokens import PREFIX, explicit_tokens, mounts_token, own_containers

_WRITABLE = mount(readOnly=None)


@rule(
    severity="medium",
    match=explicit_tokens(),
    message="{kind} {name} has a container of cert-manager that does not mount the token volume read-only",
    helm_values=for_every_component("volumeMounts", [mount()]),
    controls=["BSI SYS.1.6.A19", "BSI SYS.1.6.A23"],
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    good=[
        pod(**explicit_pod()),
        explicit(),
        explicit("webhook", containers=[mounting(mount(), mount(name="tmp", mountPath="/tmp", readOnly=None))]),
        explicit(containers=[mounting(), sidecar(volumeMounts=[_WRITABLE])]),
        explicit(volumes=[], containers=[mounting(_WRITABLE)]),
        job(**explicit_pod("startupapicheck")),
        deployment(containers=[mounting(_WRITABLE)]),
        other_webhook(),
    ],
    bad=[
        explicit(containers=[mounting(_WRITABLE)]),
        explicit("webhook", containers=[mounting(mount(readOnly=False))]),
        explicit(containers=[mounting(mount(readOnly="true"))]),
        explicit(containers=[mounting(), {**mounting(_WRITABLE), "name": "cert-manager-second"}]),
        explicit(containers=[mounting(mount(), mount(mountPath="/token", readOnly=False))]),
        job(**explicit_pod("startupapicheck", containers=[mounting(_WRITABLE, component="startupapicheck")])),
        unlabeled(pod(**explicit_pod(containers=[mounting(_WRITABLE)]))),
    ],
)
def token_mount_readonly(workload: Workload, container_prefix: str = PREFIX) -> Condition:
    """cert-manager's containers mount the token volume read-only.

    Nothing in the container has to change its credentials. Read-only, a compromised process cannot replace the token or
    the CA that its own clients trust.

    Parameters:
        container_prefix: What the names of cert-manager's own containers start with
    """

    def mounts_it_readonly(container: Container) -> Condition:
        mounts = container.volumeMounts.where(lambda mount: mounts_token(mount, workload.pod))
        return mounts.all(lambda mount: mount.readOnly.is_true())

    return own_containers(workload.pod, container_prefix).all(mounts_it_readonly)
