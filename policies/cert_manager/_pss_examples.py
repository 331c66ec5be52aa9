"""Pods that meet the Pod Security Standard `restricted`, and one for each way not to."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

from ._examples import RESTRICTED, RESTRICTED_POD, container, deployment, pod_spec

POD_CHANGES: tuple[JsonMap, ...] = (
    {"hostNetwork": True},
    {"hostPID": True},
    {"hostIPC": True},
    {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/"}}]},
    {"volumes": [{"name": "a"}, {"name": "b", "nfs": {"server": "example.com", "path": "/"}}]},
    {"securityContext": None},
    {"securityContext": {"runAsNonRoot": True}},
    {"securityContext": {**RESTRICTED_POD, "runAsNonRoot": False}},
    {"securityContext": {**RESTRICTED_POD, "runAsUser": 0}},
    {"securityContext": {**RESTRICTED_POD, "seccompProfile": {"type": "Unconfined"}}},
    {"securityContext": {**RESTRICTED_POD, "appArmorProfile": {"type": "Unconfined"}}},
    {"securityContext": {**RESTRICTED_POD, "seLinuxOptions": {"type": "spc_t"}}},
    {"securityContext": {**RESTRICTED_POD, "sysctls": [{"name": "kernel.msgmax", "value": "1"}]}},
    {"securityContext": {**RESTRICTED_POD, "windowsOptions": {"hostProcess": True}}},
    {"initContainers": [{"name": "init", "image": "example.com/init:v1"}]},
    {"ephemeralContainers": [{"name": "debug", "image": "example.com/debug:v1"}]},
)
"""Fields of a pod, each of which breaks the standard."""
CONTEXT_CHANGES: tuple[JsonMap, ...] = (
    {"privileged": True},
    {"allowPrivilegeEscalation": None},
    {"capabilities": {"drop": ["all"]}},
    {"capabilities": {"drop": ["NET_RAW"]}},
    {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "NET_ADMIN"]}},
    {"runAsNonRoot": False},
    {"runAsUser": 0},
    {"seccompProfile": {"type": "Unconfined"}},
    {"seccompProfile": {}},
    {"appArmorProfile": {"type": "Unconfined"}},
    {"seLinuxOptions": {"user": "root"}},
    {"seLinuxOptions": {"role": "admin"}},
    {"procMount": "Unmasked"},
    {"windowsOptions": {"hostProcess": True}},
)
"""Fields of a container's security context, each of which breaks the standard."""
CONTAINER_CHANGES: tuple[JsonMap, ...] = (
    {"ports": [{"containerPort": 80}, {"containerPort": 443, "hostPort": 443}]},
    {"livenessProbe": {"httpGet": {"host": "example.com", "port": 80}}},
    {"lifecycle": {"preStop": {"tcpSocket": {"host": "10.0.0.1", "port": 80}}}},
)
"""Fields of a container, each of which breaks the standard."""


def restricted_pod(component: str = "controller", /, **fields: Json) -> JsonMap:
    """The fields of a component's pod that meets the standard; `fields` replaces some."""
    own = container(component, securityContext=RESTRICTED)
    return {"securityContext": RESTRICTED_POD, "containers": [own], **fields}


def restricted(component: str = "controller", /, **fields: Json) -> JsonMap:
    """A component's Deployment that meets the standard; `fields` replaces some of its pod's."""
    return deployment(component, **restricted_pod(component, **fields))


def in_context(changes: JsonMap, **fields: Json) -> JsonMap:
    """The same with these changes to its container's security context."""
    return restricted(containers=[container("controller", securityContext={**RESTRICTED, **changes})], **fields)


def in_container(changes: JsonMap, component: str = "controller") -> JsonMap:
    """The same with these changes to its container."""
    own = container(component, **{"securityContext": RESTRICTED, **changes})
    return restricted(component, containers=[own])


def annotated(profile: str) -> JsonMap:
    """A Pod of the controller with this AppArmor profile in the annotation of old."""
    annotations: JsonMap = {"container.apparmor.security.beta.kubernetes.io/x": profile}
    metadata: JsonMap = {"name": "cert-manager", "namespace": "cert-manager", "annotations": annotations}
    spec = pod_spec("controller", **restricted_pod())
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
