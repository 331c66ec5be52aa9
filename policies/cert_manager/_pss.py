"""The Pod Security Standard `restricted` as of Kubernetes 1.37: what it asks of a pod as a whole.

Source: `policy/check_*.go` of k8s.io/pod-security-admission. A check that a stricter one replaces is left out.
"""

from __future__ import annotations

from cmpolicy.dsl import Condition, all_of, any_of, containers, none_of
from cmpolicy.kinds import ObjectMeta, PodSpec, Volume

from ._pss_containers import is_restricted_container
from ._pss_fields import in_user_namespace, is_allowed_apparmor, is_allowed_seccomp, is_allowed_selinux, is_windows

_SYSCTLS = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_slow_start_after_idle",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
]
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def is_restricted(pod: PodSpec, metadata: ObjectMeta) -> Condition:
    """The pod and each of its containers meet the standard."""
    return all_of(
        none_of(pod.hostNetwork.is_true(), pod.hostPID.is_true(), pod.hostIPC.is_true()),
        pod.volumes.all(_is_plain),
        _context_is_restricted(pod),
        metadata.annotations.all(
            lambda key, profile: key.starts_with(_APPARMOR).implies(
                profile.is_in(["", "runtime/default"]) | profile.starts_with("localhost/")
            )
        ),
        containers(pod).all(lambda container: is_restricted_container(container, pod)),
    )


def _context_is_restricted(pod: PodSpec) -> Condition:
    context = pod.securityContext
    return all_of(
        context.sysctls.all(lambda sysctl: sysctl.name.is_in(_SYSCTLS)),
        ~context.windowsOptions.hostProcess.is_true(),
        is_allowed_apparmor(context.appArmorProfile),
        is_allowed_selinux(context.seLinuxOptions),
        is_allowed_seccomp(context.seccompProfile) | is_windows(pod),
        (~context.runAsNonRoot.is_false() & (context.runAsUser != 0)) | in_user_namespace(pod),
    )


def _is_plain(volume: Volume) -> Condition:
    """It holds what the cluster gives it, or nothing: of a volume without a source the API server makes an `emptyDir`."""
    return any_of(
        _has_no_source(volume),
        volume.configMap.exists(),
        volume.csi.exists(),
        volume.downwardAPI.exists(),
        volume.emptyDir.exists(),
        volume.ephemeral.exists(),
        volume.image.exists(),
        volume.persistentVolumeClaim.exists(),
        volume.projected.exists(),
        volume.secret.exists(),
    )


def _has_no_source(volume: Volume) -> Condition:
    """None of those either that the standard does not allow."""
    return none_of(
        volume.awsElasticBlockStore.exists(),
        volume.azureDisk.exists(),
        volume.azureFile.exists(),
        volume.cephfs.exists(),
        volume.cinder.exists(),
        volume.fc.exists(),
        volume.flexVolume.exists(),
        volume.flocker.exists(),
        volume.gcePersistentDisk.exists(),
        volume.gitRepo.exists(),
        volume.glusterfs.exists(),
        volume.hostPath.exists(),
        volume.iscsi.exists(),
        volume.nfs.exists(),
        volume.photonPersistentDisk.exists(),
        volume.portworxVolume.exists(),
        volume.quobyte.exists(),
        volume.rbd.exists(),
        volume.scaleIO.exists(),
        volume.storageos.exists(),
        volume.vsphereVolume.exists(),
    )
