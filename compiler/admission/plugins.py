"""What the API server's own admission plugins add, as far as they are on by default and look at nothing but the object.

They change Pods, Nodes and claims; templates in workloads they leave alone. Source: `plugin/pkg/admission` of k8s.io/kubernetes 1.37.2.
A ServiceAccount, which may say that no token is mounted, is looked up among the known objects; one that is not known says
nothing. A priority class that is not the system's own is not looked up, and `priority` is then left open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from cmpolicy.admission.fills import inside, inside_each, otherwise
from cmpolicy.evaluate.known import known
from cmpolicy.evaluate.values import elems, is_list
from cmpolicy.fields import index
from cmpolicy.generate.edit import at
from cmpolicy.values import Json, JsonMap

Plugin: TypeAlias = Callable[[JsonMap, JsonMap], JsonMap]
"""A function of the object, defaulted, and the inventory of known objects."""

TOKEN_PREFIX = "kube-api-access-"
TOKEN_VOLUME = f"{TOKEN_PREFIX}00000"
"""The server chooses the end of the name at random."""
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
_USUAL_ACCOUNT: JsonMap = {"serviceAccountName": "default", "serviceAccount": "default"}
_PROTECTION = "kubernetes.io/pvc-protection"
_MIRROR = "kubernetes.io/config.mirror"
_PRIORITIES: Mapping[Json, int] = {
    "system-cluster-critical": 2_000_000_000,
    "system-node-critical": 2_000_001_000,
    None: 0,
}
_NOT_READY, _UNREACHABLE = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
_TOKEN_SOURCES: Json = [
    {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
    {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
    {
        "downwardAPI": {
            "items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]
        }
    },
]


def _service_account(pod: JsonMap, objects: JsonMap) -> JsonMap:
    """ServiceAccount: every Pod has one, whose token is mounted unless the Pod or the account says otherwise."""
    if at(pod, ("metadata", "annotations", _MIRROR)) is not None:
        return pod
    named = inside("spec", partial(otherwise, _USUAL_ACCOUNT), pod)
    account = _account(named, objects)
    pulling = inside("spec", partial(_with_pull_secrets, account), named)
    wanted = (at(pod, ("spec", "automountServiceAccountToken")), at(account, ("automountServiceAccountToken",)), True)
    mounts = next(each for each in wanted if each is not None)
    return inside("spec", _with_token, pulling) if mounts is True else pulling


def _account(pod: JsonMap, objects: JsonMap) -> Json:
    """The Pod's ServiceAccount; null if it is not known."""
    accounts = known(objects, index.kind("ServiceAccount")[0], at(pod, ("metadata", "namespace")) or "default")
    name = at(pod, ("spec", "serviceAccountName"))
    return next((each for each in elems(accounts) if at(each, ("metadata", "name")) == name), None)


def _with_pull_secrets(account: Json, spec: JsonMap) -> JsonMap:
    secrets = elems(at(account, ("imagePullSecrets",)))
    return {**spec, "imagePullSecrets": secrets} if secrets and not spec.get("imagePullSecrets") else spec


def _with_token(spec: JsonMap) -> JsonMap:
    named = [at(each, ("name",)) for each in elems(spec.get("volumes"))]
    there = next((name for name in named if isinstance(name, str) and name.startswith(TOKEN_PREFIX)), None)
    mount: JsonMap = {"name": there or TOKEN_VOLUME, "readOnly": True, "mountPath": _TOKEN_PATH}
    mounted = spec
    for key in ("initContainers", "containers"):
        mounted = inside_each(key, partial(_with_mount, mount), mounted)
    if there is not None or mounted == spec:
        return mounted
    volume: JsonMap = {"name": TOKEN_VOLUME, "projected": {"sources": _TOKEN_SOURCES, "defaultMode": 0o644}}
    return _appended("volumes", volume, mounted)


def _with_mount(mount: JsonMap, container: JsonMap) -> JsonMap:
    there = {at(each, ("mountPath",)) for each in elems(container.get("volumeMounts"))}
    return container if _TOKEN_PATH in there else _appended("volumeMounts", mount, container)


def _priority(pod: JsonMap, objects: JsonMap) -> JsonMap:
    """Priority: the number of the Pod's priority class."""
    name = at(pod, ("spec", "priorityClassName"))
    if not (name is None or name in _PRIORITIES):
        return pod
    added: JsonMap = {"priority": _PRIORITIES[name], "preemptionPolicy": "PreemptLowerPriority"}
    return inside("spec", partial(otherwise, added), pod)


def _tolerations(pod: JsonMap, objects: JsonMap) -> JsonMap:
    """DefaultTolerationSeconds: a Pod stays for five minutes on a node that is lost."""
    for key in (_NOT_READY, _UNREACHABLE):
        if not any(_tolerates(each, key) for each in elems(at(pod, ("spec", "tolerations")))):
            added: JsonMap = {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
            pod = inside("spec", partial(_appended, "tolerations", added), pod)
    return pod


def _tolerates(toleration: Json, key: str) -> bool:
    named, effect = at(toleration, ("key",)) or key, at(toleration, ("effect",)) or "NoExecute"
    return named == key and effect == "NoExecute"


def _taint(node: JsonMap, objects: JsonMap) -> JsonMap:
    """TaintNodesByCondition: a new Node is not ready."""
    taints = elems(at(node, ("spec", "taints")))
    if any(at(each, ("key",)) == _NOT_READY and at(each, ("effect",)) == "NoSchedule" for each in taints):
        return node
    return inside("spec", partial(_appended, "taints", {"key": _NOT_READY, "effect": "NoSchedule"}), node)


def _protected(claim: JsonMap, objects: JsonMap) -> JsonMap:
    """StorageObjectInUseProtection: a claim stays while a Pod uses it."""
    if _PROTECTION in elems(at(claim, ("metadata", "finalizers"))):
        return claim
    return inside("metadata", partial(_appended, "finalizers", _PROTECTION), claim)


def _appended(key: str, item: Json, value: JsonMap) -> JsonMap:
    """The value with one more item in the list under `key`; itself if something else stands there."""
    held = value.get(key)
    if held is None:
        return {**value, key: [item]}
    return {**value, key: [*held, item]} if is_list(held) else value


PLUGINS: Mapping[str, tuple[Plugin, ...]] = {
    "Pod": (_service_account, _priority, _tolerations),
    "Node": (_taint,),
    "PersistentVolumeClaim": (_protected,),
}
"""By kind, in the server's own order."""
