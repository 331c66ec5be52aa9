"""Small manifests that the rules' examples are made of: what the chart renders, less what no rule looks at."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap


def labels(component: str) -> JsonMap:
    """The labels of a component's objects."""
    return {
        "app.kubernetes.io/name": "cert-manager" if component == "controller" else component,
        "app.kubernetes.io/component": component,
    }


def metadata(component: str, namespace: Json = "cert-manager") -> JsonMap:
    """The metadata of a component's object."""
    name = "cert-manager" if component == "controller" else f"cert-manager-{component}"
    return {"name": name, "namespace": namespace, "labels": labels(component)}


def container(component: str, **fields: Json) -> JsonMap:
    """A component's container; `fields` adds to it."""
    name = f"cert-manager-{component}"
    return {"name": name, "image": f"quay.io/jetstack/{name}:v1.21.1", **fields}


def sidecar(**fields: Json) -> JsonMap:
    """A container that is none of cert-manager's."""
    return {"name": "proxy", "image": "example.com/proxy:v1", **fields}


def livez(port: Json, **get: Json) -> JsonMap:
    """A probe of `/livez` on a port; `get` adds to the request."""
    return {"httpGet": {"path": "/livez", "port": port, **get}}


def deployment(
    component: str = "controller",
    /,
    *,
    replicas: Json = 1,
    namespace: Json = "cert-manager",
    strategy: Json = None,
    **pod: Json,
) -> JsonMap:
    """A Deployment of a component; None leaves replicas or strategy out, `pod` adds to its pod's spec."""
    template: JsonMap = {"metadata": {"labels": labels(component)}, "spec": pod_spec(component, **pod)}
    optional: JsonMap = {"replicas": replicas, "strategy": strategy}
    given: JsonMap = {name: value for name, value in optional.items() if value is not None}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(component, namespace),
        "spec": {**given, "selector": {"matchLabels": labels(component)}, "template": template},
    }


def job(**pod: Json) -> JsonMap:
    """The Job of the startupapicheck; `pod` adds to its pod's spec."""
    template: JsonMap = {"spec": pod_spec("startupapicheck", restartPolicy="OnFailure", **pod)}
    metadata_ = metadata("startupapicheck")
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata_, "spec": {"template": template}}


def pod(component: str = "controller", /, *, namespace: Json = "cert-manager", **spec: Json) -> JsonMap:
    """A Pod of a component; `spec` adds to its spec."""
    metadata_ = metadata(component, namespace)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata_, "spec": pod_spec(component, **spec)}


def service_account(component: str, *automount: Json, namespace: str = "cert-manager") -> JsonMap:
    """A component's ServiceAccount; without `automount` it lacks the field."""
    fields: JsonMap = {"automountServiceAccountToken": automount[0]} if automount else {}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(component, namespace), **fields}


def budget(component: str, *, namespace: str = "cert-manager", **spec: Json) -> JsonMap:
    """A component's PodDisruptionBudget; `spec` adds to its spec."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(component, namespace),
        "spec": {"selector": {"matchLabels": labels(component)}, **spec},
    }


def pod_spec(component: str, **fields: Json) -> JsonMap:
    """A pod's spec with the component's container, unless `fields` brings its own."""
    return {"containers": [container(component)], **fields}


def other_webhook() -> JsonMap:
    """Other software's webhook that bears the same labels in its own namespace."""
    return deployment("webhook", namespace="elsewhere", containers=[sidecar()])


def unlabeled(manifest: JsonMap) -> JsonMap:
    """The manifest in another namespace and without labels, so that only the image tells what it is."""
    return {**manifest, "metadata": {"name": "renamed", "namespace": "pki"}}
