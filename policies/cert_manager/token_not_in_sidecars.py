"""cm-token-not-in-sidecars"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, any_of, containers, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, sidecar, unlabeled
from ._token_examples import explicit, explicit_pod, mount, mounting
from ._tokens import MOUNT_PATH, PREFIX, mounts_token

_READER = sidecar(volumeMounts=[mount()])


@rule(
    severity="high",
    match=every_workload(),
    message="{kind} {name} has a container that is not cert-manager's and mounts the ServiceAccount's token",
    remedy="Remove the mount from the other container, and switch the automatic mount off in the pod",
    controls=["NSA: service account tokens (Kubescape C-0034)"],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[
        pod(**explicit_pod()),
        explicit(),
        explicit("webhook", containers=[mounting(), sidecar()]),
        explicit(containers=[mounting(), sidecar(volumeMounts=[mount(name="tmp", mountPath="/tmp")])]),
        explicit(initContainers=[sidecar(volumeMounts=None)]),
        job(**explicit_pod("startupapicheck")),
        deployment(),
        other_webhook(),
    ],
    bad=[
        explicit(containers=[mounting(), _READER]),
        explicit(containers=[_READER, mounting()]),
        explicit("webhook", containers=[mounting(), sidecar(volumeMounts=[mount(mountPath="/token")])]),
        explicit(containers=[mounting(), sidecar(volumeMounts=[mount(name="copy")])]),
        explicit(initContainers=[_READER]),
        job(**explicit_pod("startupapicheck", initContainers=[sidecar(), _READER])),
        pod(**explicit_pod(ephemeralContainers=[_READER])),
        deployment(
            containers=[mounting(mount(name="kube-api-access")), sidecar(volumeMounts=[mount(name="kube-api-access")])]
        ),
        unlabeled(pod(**explicit_pod(containers=[mounting(), {**_READER, "name": "proxy-cert-manager-"}]))),
    ],
)
def token_not_in_sidecars(
    workload: Workload, mount_path: str = MOUNT_PATH, container_prefix: str = PREFIX
) -> Condition:
    """Only cert-manager's own containers mount its token.

    The token is worth every Secret that cert-manager can read. Containers that others put into its pods, by hand or by
    injection, run other people's code and have no use for it. Those that are injected show only in the Pod.

    Parameters:
        mount_path: Where Kubernetes mounts a token
        container_prefix: What the names of cert-manager's own containers start with
    """
    others = containers(workload.pod).where(lambda container: ~container.name.starts_with(container_prefix))
    return others.none(
        lambda container: container.volumeMounts.any(
            lambda mount: any_of(mount.mountPath == mount_path, mounts_token(mount, workload.pod))
        )
    )
