"""The Pod Security Standard `restricted`: what it asks of fields that pods and containers both have."""

from __future__ import annotations

from cmpolicy.dsl import Condition, all_of
from cmpolicy.kinds import AppArmorProfile, PodSpec, SeccompProfile, SELinuxOptions

_PROFILES = ["RuntimeDefault", "Localhost"]
_SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]


def is_windows(pod: PodSpec) -> Condition:
    """It runs on Windows, where seccomp, capabilities and privilege escalation have no meaning."""
    return pod.os.name == "windows"


def in_user_namespace(pod: PodSpec) -> Condition:
    """Its root is not root on the node."""
    return pod.hostUsers.is_false()


def is_allowed_apparmor(profile: AppArmorProfile) -> Condition:
    """It is not set, or confines."""
    return profile.absent() | profile.type.is_in(_PROFILES)


def is_allowed_seccomp(profile: SeccompProfile) -> Condition:
    """It is not set, or filters system calls."""
    return profile.absent() | profile.type.is_in(_PROFILES)


def is_allowed_selinux(options: SELinuxOptions) -> Condition:
    """They set a type for containers or none, and neither user nor role."""
    return all_of(
        options.type.default("").is_in(_SELINUX_TYPES),
        options.user.default("") == "",
        options.role.default("") == "",
    )
