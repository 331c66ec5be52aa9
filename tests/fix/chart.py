"""A model of cert-manager's chart: its objects, as far as rules read them, from values. Values it does not know are refused.

Written from the facts of what Helm renders, so that tests need neither Helm nor the chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Values = Mapping[str, Any]

_OWN_ARGS = {
    "controller": ["--v=2", "--cluster-resource-namespace=$(POD_NAMESPACE)", "--leader-election-namespace=kube-system"],
    "webhook": ["--v=2", "--secure-port=10250"],
    "cainjector": ["--v=2", "--leader-election-namespace=kube-system"],
    "startupapicheck": ["check", "api", "--wait=1m", "-v"],
}
_PORTS = {
    "controller": {"http-metrics": 9402, "http-healthz": 9403},
    "webhook": {"https": 10250, "healthcheck": 6080, "http-metrics": 9402},
    "cainjector": {"http-metrics": 9402},
    "startupapicheck": {},
}
_LIVENESS = {
    "controller": {"port": "http-healthz", "initialDelaySeconds": 10, "timeoutSeconds": 15, "failureThreshold": 8},
    "webhook": {"port": "healthcheck", "initialDelaySeconds": 60, "timeoutSeconds": 1, "failureThreshold": 3},
}
# What lands in the pod's spec under the same name, and in the container.
_POD_FIELDS = (
    "automountServiceAccountToken",
    "affinity",
    "hostNetwork",
    "tolerations",
    "volumes",
    "topologySpreadConstraints",
)
_CONTAINER_FIELDS = ("resources", "volumeMounts")
_ELSEWHERE = ("nodeSelector", "extraArgs", "serviceAccount", "replicaCount", "strategy", "podDisruptionBudget")
_POLICIES = ("networkPolicy", "livenessProbe", "extraEnv", "podLabels", "podAnnotations")
_EGRESS = [{"port": 80}, {"port": 443}, {"port": 53}, {"port": 53, "protocol": "UDP"}, {"port": 6443}]


def render(values: Values, namespace: str = "cert-manager") -> list[dict[str, Any]]:
    """The objects of a release named `cert-manager`."""
    parts = {
        "controller": values,
        **{name: values.get(name, {}) for name in ("webhook", "cainjector", "startupapicheck")},
    }
    priority = values.get("global", {}).get("priorityClassName")
    _refuse_unknown(parts)
    home = values.get("namespace") or namespace
    made = {name: part for name, part in parts.items() if name == "controller" or part.get("enabled", True)}
    return [manifest for name, part in made.items() for manifest in _component(name, part, home, priority)]


def _refuse_unknown(parts: Mapping[str, Values]) -> None:
    known = {*_POD_FIELDS, *_CONTAINER_FIELDS, *_ELSEWHERE, *_POLICIES}
    at_root = {"global", "namespace", "dns01RecursiveNameservers", "dns01RecursiveNameserversOnly", *parts}
    for name, part in parts.items():
        own = at_root if name == "controller" else {"enabled"}
        unknown = {*part} - known - own
        assert not unknown, f"the model of the chart does not know {sorted(unknown)} of {name}"


def _component(name: str, part: Values, namespace: str, priority: str | None) -> Iterator[dict[str, Any]]:
    yield from _account(name, part.get("serviceAccount", {}), namespace)
    template = {"metadata": {"labels": _labels(name)}, "spec": _pod(name, part, priority)}
    if name == "startupapicheck":
        yield _object("batch/v1", "Job", name, namespace, {"spec": {"backoffLimit": 4, "template": template}})
        return
    spec = {"replicas": part.get("replicaCount", 1), "selector": {"matchLabels": _selector(name)}, "template": template}
    yield _object("apps/v1", "Deployment", name, namespace, {"spec": {**spec, **_given(part, "strategy")}})
    yield from _budget(name, part.get("podDisruptionBudget", {}), namespace)
    yield from _network_policies(name, part.get("networkPolicy", {}), namespace)


def _account(name: str, account: Values, namespace: str) -> Iterator[dict[str, Any]]:
    if account.get("create", True):
        automount = account.get("automountServiceAccountToken", True)
        yield _object("v1", "ServiceAccount", name, namespace, {"automountServiceAccountToken": automount})


def _pod(name: str, part: Values, priority: str | None) -> dict[str, Any]:
    return {
        "serviceAccountName": _name(name),
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "nodeSelector": {"kubernetes.io/os": "linux", **part.get("nodeSelector", {})},
        "containers": [_container(name, part)],
        **({"priorityClassName": priority} if priority else {}),
        **_given(part, *_POD_FIELDS),
    }


def _container(name: str, part: Values) -> dict[str, Any]:
    from_pod = {"valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}
    context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": True}
    return {
        "name": f"cert-manager-{name}",
        "image": f"quay.io/jetstack/cert-manager-{name}:v1.21.1",
        "imagePullPolicy": "IfNotPresent",
        "args": [*_OWN_ARGS[name], *_of_values(name, part), *part.get("extraArgs", [])],
        "ports": [{"name": port, "containerPort": number, "protocol": "TCP"} for port, number in _PORTS[name].items()],
        "env": [{"name": "POD_NAMESPACE", **from_pod}, *part.get("extraEnv", [])],
        "securityContext": context,
        **_probes(name, part),
        **_given(part, *_CONTAINER_FIELDS),
    }


def _of_values(name: str, part: Values) -> Iterator[str]:
    """Flags of the controller that have values of their own."""
    if name == "controller" and part.get("dns01RecursiveNameserversOnly"):
        yield "--dns01-recursive-nameservers-only=true"
    if name == "controller" and part.get("dns01RecursiveNameservers"):
        yield f"--dns01-recursive-nameservers={part['dns01RecursiveNameservers']}"


def _probes(name: str, part: Values) -> dict[str, Any]:
    own = _LIVENESS.get(name)
    if own is None:
        return {}
    probe = {"periodSeconds": 10, "successThreshold": 1, **own, **part.get("livenessProbe", {})}
    get = {"path": "/livez", "port": probe.pop("port"), "scheme": "HTTP"}
    liveness = {"livenessProbe": {"httpGet": get, **probe}} if probe.pop("enabled", True) else {}
    ready = (
        {"readinessProbe": {"httpGet": {**get, "path": "/healthz"}, "periodSeconds": 5}} if name == "webhook" else {}
    )
    return {**liveness, **ready}


def _budget(name: str, budget: Values, namespace: str) -> Iterator[dict[str, Any]]:
    if budget.get("enabled"):
        limits = _given(budget, "minAvailable", "maxUnavailable") or {"minAvailable": 1}
        spec = {"selector": {"matchLabels": _selector(name)}, **limits}
        yield _object("policy/v1", "PodDisruptionBudget", name, namespace, {"spec": spec})


def _network_policies(name: str, policy: Values, namespace: str) -> Iterator[dict[str, Any]]:
    if not policy.get("enabled"):
        return
    ports = [{"port": port, "protocol": "TCP"} for port in _PORTS[name]]
    for direction, default in (("ingress", [{"ports": ports}]), ("egress", [{"ports": _EGRESS}])):
        rules = {"policyTypes": [direction.capitalize()], direction: policy.get(direction, default)}
        metadata = {"name": f"{_name(name)}-allow-{direction}", "namespace": namespace}
        spec = {"podSelector": {"matchLabels": _selector(name)}, **rules}
        yield {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _object(api_version: str, kind: str, name: str, namespace: str, rest: Values) -> dict[str, Any]:
    metadata = {"name": _name(name), "namespace": namespace, "labels": _labels(name)}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def _name(component: str) -> str:
    return "cert-manager" if component == "controller" else f"cert-manager-{component}"


def _selector(component: str) -> dict[str, str]:
    name = "cert-manager" if component == "controller" else component
    labels = {"name": name, "instance": "cert-manager", "component": component}
    return {f"app.kubernetes.io/{key}": value for key, value in labels.items()}


def _labels(component: str) -> dict[str, str]:
    return {**_selector(component), "app.kubernetes.io/version": "v1.21.1", "app.kubernetes.io/managed-by": "Helm"}


def _given(part: Values, *names: str) -> dict[str, Any]:
    return {name: part[name] for name in names if name in part}
