"""The Pod Security Standard `restricted`: what it asks of a container."""

from __future__ import annotations

from cmpolicy.dsl import Condition, all_of, none_of, security_context
from cmpolicy.kinds import Container, LifecycleHandler, PodSpec, Probe

from ._pss_fields import in_user_namespace, is_allowed_apparmor, is_allowed_selinux, is_windows


def is_restricted_container(container: Container, pod: PodSpec) -> Condition:
    """The container meets the standard, by itself or by what its pod sets for it."""
    context = container.securityContext
    return all_of(
        none_of(context.privileged.is_true(), context.windowsOptions.hostProcess.is_true()),
        container.ports.all(lambda port: port.hostPort.default(0) == 0),
        context.procMount.default("Default") == "Default",
        is_allowed_apparmor(context.appArmorProfile),
        is_allowed_selinux(context.seLinuxOptions),
        _is_contained(container, pod) | is_windows(pod),
        _is_not_root(container, pod) | in_user_namespace(pod),
        _stays_local(container),
    )


def _is_contained(container: Container, pod: PodSpec) -> Condition:
    """It gains no privileges and no capabilities, and its system calls are filtered."""
    context = container.securityContext
    return all_of(
        context.allowPrivilegeEscalation.is_false(),
        context.capabilities.drop.contains("ALL"),
        context.capabilities.add.subset_of(["NET_BIND_SERVICE"]),
        security_context(container, pod).seccompProfile.type.is_in(["RuntimeDefault", "Localhost"]),
    )


def _is_not_root(container: Container, pod: PodSpec) -> Condition:
    return security_context(container, pod).runAsNonRoot.is_true() & (container.securityContext.runAsUser != 0)


def _stays_local(container: Container) -> Condition:
    """No probe and no lifecycle hook connects to another host."""
    probes = (container.livenessProbe, container.readinessProbe, container.startupProbe)
    hooks = (container.lifecycle.postStart, container.lifecycle.preStop)
    return all_of(*(_names_no_host(each) for each in probes), *(_names_no_host(each) for each in hooks))


def _names_no_host(handler: Probe | LifecycleHandler) -> Condition:
    return (handler.httpGet.host.default("") == "") & (handler.tcpSocket.host.default("") == "")
