"""The defaults that depend on something else in the object, or hold only in some places; by type.

Each function takes an object of its type, without nulls and without empty values of fields that do not tell them from
none, and gives it back filled in. What stands inside is still as it was given: a type is filled in before its parts are.
Source: `SetDefaults_*` and, for what a strategy adds on creation, `PrepareForCreate`, of k8s.io/kubernetes 1.37.2.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from cmpolicy.admission.images import pull_policy
from cmpolicy.evaluate.values import is_list
from cmpolicy.generate.edit import at
from cmpolicy.values import Json, JsonMap

Fill: TypeAlias = Callable[[JsonMap], JsonMap]

_RBAC = "rbac.authorization.k8s.io"
_BATCH = "batch.kubernetes.io"
JOB_UID = "00000000-0000-0000-0000-000000000000"
"""The server chooses the unique id of a Job at random."""
_MOST_INT32 = 2**31 - 1


def inside(key: str, fill: Fill, value: JsonMap) -> JsonMap:
    """The value with the map under `key` filled in, an empty one if there is none."""
    held = {} if (found := value.get(key)) is None else found
    return {**value, key: fill(held)} if isinstance(held, Mapping) else value


def inside_each(key: str, fill: Fill, value: JsonMap) -> JsonMap:
    """The value with each map in the list under `key` filled in."""
    held = value.get(key)
    if not is_list(held):
        return value
    return {**value, key: [fill(each) if isinstance(each, Mapping) else each for each in held]}


def otherwise(defaults: JsonMap, value: JsonMap) -> JsonMap:
    """The value with the defaults where it has nothing."""
    return {**value, **{key: default for key, default in defaults.items() if value.get(key) is None}}


def otherwise_empty(key: str, default: Json, value: JsonMap) -> JsonMap:
    """The value with this default where it has nothing, or what is empty."""
    return value if value.get(key) else {**value, key: default}


def _maps(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


# Pods, and not what is made of their templates later


def _pod(pod: JsonMap) -> JsonMap:
    return inside("spec", _pod_only, pod)


def _pod_only(spec: JsonMap) -> JsonMap:
    filled = otherwise({"enableServiceLinks": True}, spec)
    grace = filled.get("terminationGracePeriodSeconds")
    if isinstance(grace, int) and grace < 0:
        filled = {**filled, "terminationGracePeriodSeconds": 1}
    for key in ("containers", "initContainers"):
        filled = inside_each(key, _requests_its_limits, filled)
        if filled.get("hostNetwork") is True:
            filled = inside_each(key, partial(inside_each, "ports", _on_the_host), filled)
    return filled


def _requests_its_limits(container: JsonMap) -> JsonMap:
    limits, requests = at(container, ("resources", "limits")), at(container, ("resources", "requests"))
    if not isinstance(limits, Mapping) or not limits:
        return container
    return inside("resources", lambda resources: {**resources, "requests": {**limits, **_maps(requests)}}, container)


def _on_the_host(port: JsonMap) -> JsonMap:
    return port if port.get("hostPort") else {**port, "hostPort": port.get("containerPort")}


# What stands in pods and in templates


def _service_account(spec: JsonMap) -> JsonMap:
    """Its old name and the new one say the same."""
    name = spec.get("serviceAccountName", spec.get("serviceAccount"))
    return spec if name is None else {**spec, "serviceAccountName": name, "serviceAccount": name}


def _volume(volume: JsonMap) -> JsonMap:
    return volume if volume.keys() - {"name"} else {**volume, "emptyDir": {}}


def _pulled(image: str, policy: str, value: JsonMap) -> JsonMap:
    reference = value.get(image, "")
    return otherwise({policy: pull_policy(reference)}, value) if isinstance(reference, str) else value


# Workloads


def _rolling(defaults: JsonMap, strategy: JsonMap) -> JsonMap:
    if strategy.get("type") != "RollingUpdate":
        return strategy
    return inside("rollingUpdate", partial(otherwise, defaults), strategy)


def _daemon_rolling(strategy: JsonMap) -> JsonMap:
    """One that is `OnDelete` has no use for a `rollingUpdate`; what is there gets zeros."""
    kept: JsonMap = {"maxUnavailable": 0, "maxSurge": 0}
    if strategy.get("type") == "OnDelete" and "rollingUpdate" in strategy:
        return inside("rollingUpdate", partial(otherwise, kept), strategy)
    return _rolling({"maxUnavailable": 1, "maxSurge": 0}, strategy)


def _daemon_set(daemon_set: JsonMap) -> JsonMap:
    first: JsonMap = {"deprecated.daemonset.template.generation": "1"}
    return inside("metadata", partial(inside, "annotations", partial(otherwise, first)), daemon_set)


def _claims(spec: JsonMap) -> JsonMap:
    named: JsonMap = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}
    return inside_each("volumeClaimTemplates", lambda claim: {**claim, **named}, spec)


def _stateful_rolling(strategy: JsonMap) -> JsonMap:
    """One that names its type is not given a `rollingUpdate`."""
    defaults: JsonMap = {"partition": 0, "maxUnavailable": 1}
    if "type" in strategy and "rollingUpdate" not in strategy:
        return strategy
    return _rolling(defaults, {"type": "RollingUpdate", **strategy})


def _job(job: JsonMap) -> JsonMap:
    filled = inside("spec", _job_spec, job)
    if at(filled, ("spec", "manualSelector")) is False:
        filled = inside("spec", partial(_selecting_its_pods, at(job, ("metadata", "name"))), filled)
    labels = at(filled, ("spec", "template", "metadata", "labels"))
    return inside("metadata", partial(otherwise_empty, "labels", labels), filled) if labels else filled


def _selecting_its_pods(name: Json, spec: JsonMap) -> JsonMap:
    """The pods carry the Job's name and unique id, and it selects them by the latter."""
    labels: JsonMap = {
        "job-name": name,
        f"{_BATCH}/job-name": name,
        "controller-uid": JOB_UID,
        f"{_BATCH}/controller-uid": JOB_UID,
    }
    metadata = partial(inside, "metadata", partial(inside, "labels", partial(otherwise, labels)))
    unique = partial(inside, "matchLabels", partial(otherwise, {f"{_BATCH}/controller-uid": JOB_UID}))
    return inside("selector", unique, inside("template", metadata, spec))


def _job_spec(spec: JsonMap) -> JsonMap:
    """Of a Job; a CronJob's are filled in when they are made."""
    counts: JsonMap = {} if spec.get("parallelism") is not None else {"completions": 1}
    by_index, by_policy = spec.get("backoffLimitPerIndex"), spec.get("podFailurePolicy")
    return otherwise(
        {
            **counts,
            "parallelism": 1,
            "backoffLimit": 6 if by_index is None else _MOST_INT32,
            "completionMode": "NonIndexed",
            "suspend": False,
            "podReplacementPolicy": "TerminatingOrFailed" if by_policy is None else "Failed",
            "manualSelector": False,
        },
        spec,
    )


def _replication_controller(controller: JsonMap) -> JsonMap:
    labels = at(controller, ("spec", "template", "metadata", "labels"))
    if not isinstance(labels, Mapping):
        return controller
    selecting = inside("spec", partial(otherwise_empty, "selector", labels), controller)
    return inside("metadata", partial(otherwise_empty, "labels", labels), selecting)


_UP: JsonMap = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 15},
        {"type": "Percent", "value": 100, "periodSeconds": 15},
    ],
}
_DOWN: JsonMap = {"selectPolicy": "Max", "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}]}


def _behavior(behavior: JsonMap) -> JsonMap:
    up = inside("scaleUp", partial(otherwise, _UP), behavior)
    return inside("scaleDown", partial(otherwise, _DOWN), up)


# Others


def _policy_types(spec: JsonMap) -> JsonMap:
    types = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    return otherwise({"policyTypes": types}, spec)


def _subject(subject: JsonMap) -> JsonMap:
    return otherwise({"apiGroup": _RBAC}, subject) if subject.get("kind") in ("User", "Group") else subject


def _namespace(namespace: JsonMap) -> JsonMap:
    finalized = inside("spec", _finalized, namespace)
    name = at(namespace, ("metadata", "name"))
    if not isinstance(name, str) or not name:
        return finalized
    label: JsonMap = {"kubernetes.io/metadata.name": name}
    return inside("metadata", partial(inside, "labels", lambda labels: {**labels, **label}), finalized)


def _finalized(spec: JsonMap) -> JsonMap:
    held = spec.get("finalizers")
    finalizers = held if is_list(held) else []
    return spec if "kubernetes" in finalizers else {**spec, "finalizers": [*finalizers, "kubernetes"]}


def _secret(secret: JsonMap) -> JsonMap:
    """`stringData` is a way to write `data`, and never read."""
    texts = _maps(secret.get("stringData"))
    encoded = {key: b64encode(str(text or "").encode()).decode() for key, text in texts.items()}
    kept = {key: held for key, held in secret.items() if key != "stringData"}
    return {**kept, "data": {**_maps(secret.get("data")), **encoded}} if encoded else kept


def _service(spec: JsonMap) -> JsonMap:
    kind, affinity = spec.get("type"), spec.get("sessionAffinity")
    outside = kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and bool(spec.get("externalIPs")))
    added: JsonMap = {
        **({"externalTrafficPolicy": "Cluster"} if outside else {}),
        **({"internalTrafficPolicy": "Cluster"} if kind != "ExternalName" else {}),
        **({"allocateLoadBalancerNodePorts": True} if kind == "LoadBalancer" else {}),
    }
    filled = otherwise(added, spec)
    if affinity == "ClientIP" and at(spec, ("sessionAffinityConfig", "clientIP", "timeoutSeconds")) is None:
        return {**filled, "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 3 * 60 * 60}}}
    return {key: held for key, held in filled.items() if affinity != "None" or key != "sessionAffinityConfig"}


def _service_port(port: JsonMap) -> JsonMap:
    return otherwise_empty("targetPort", port.get("port"), port)


def _limit_range(item: JsonMap) -> JsonMap:
    """For containers the greatest amount is the limit, and that the request, else the least amount."""
    if item.get("type") != "Container":
        return item
    limits = {**_maps(item.get("max")), **_maps(item.get("default"))}
    requests = {**_maps(item.get("min")), **limits, **_maps(item.get("defaultRequest"))}
    return {**item, "default": limits, "defaultRequest": requests}


def _resource_names(names: JsonMap) -> JsonMap:
    kind = names.get("kind")
    return otherwise({"singular": kind.lower(), "listKind": f"{kind}List"}, names) if isinstance(kind, str) else names


_IMAGE: Fill = partial(_pulled, "image", "imagePullPolicy")

FILLS: Mapping[str, Fill] = {
    "Pod": _pod,
    "PodSpec": _service_account,
    "Container": _IMAGE,
    "EphemeralContainer": _IMAGE,
    "Volume": _volume,
    "ImageVolumeSource": partial(_pulled, "reference", "pullPolicy"),
    "DeploymentStrategy": partial(_rolling, {"maxUnavailable": "25%", "maxSurge": "25%"}),
    "DaemonSet": _daemon_set,
    "DaemonSetUpdateStrategy": _daemon_rolling,
    "StatefulSetSpec": _claims,
    "StatefulSetUpdateStrategy": _stateful_rolling,
    "Job": _job,
    "ReplicationController": _replication_controller,
    "HorizontalPodAutoscalerBehavior": _behavior,
    "NetworkPolicySpec": _policy_types,
    "RbacSubject": _subject,
    "Namespace": _namespace,
    "Secret": _secret,
    "ServiceSpec": _service,
    "ServicePort": _service_port,
    "LimitRangeItem": _limit_range,
    "CustomResourceDefinitionNames": _resource_names,
}
