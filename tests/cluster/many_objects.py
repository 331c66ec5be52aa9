"""Ten thousand objects as clusters have them, and a quick way to create them."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPSConnection
from threading import local
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Object: TypeAlias = dict[str, Any]

NAMESPACES = 20
DEPLOYMENTS = 800
PODS_OF_EACH = 10
BUDGETS = 600
POLICIES = 580
TOTAL = NAMESPACES + DEPLOYMENTS + DEPLOYMENTS * PODS_OF_EACH + BUDGETS + POLICIES
"""10,000."""
COMPONENTS = ("webhook", "cainjector", "cert-manager", *["shop"] * 18)
"""What applications are, in turn: a seventh of them is what the rules are about. Every namespace has each."""
PLURALS = {
    "Namespace": "api/v1/namespaces",
    "Deployment": "apis/apps/v1/namespaces/{}/deployments",
    "Pod": "api/v1/namespaces/{}/pods",
    "PodDisruptionBudget": "apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "NetworkPolicy": "apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
}
THREADS = 4


def namespace_name(number: int) -> str:
    return f"team-{number % NAMESPACES:02}"


def namespaces() -> Iterator[Object]:
    for number in range(NAMESPACES):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace_name(number)}}


def objects() -> Iterator[Object]:
    """Everything but the namespaces."""
    for number in range(DEPLOYMENTS):
        yield _deployment(number)
        yield from (_pod(number, replica) for replica in range(PODS_OF_EACH))
    for number in range(BUDGETS):
        spec = {"minAvailable": number % 3, "selector": {"matchLabels": {"app": f"app-{number}"}}}
        yield {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            **_named(number, f"app-{number}"),
            "spec": spec,
        }
    for number in range(POLICIES):
        spec = {"podSelector": {"matchLabels": {"app": f"app-{number}"}}, "policyTypes": ["Ingress"], "ingress": []}
        yield {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            **_named(number, f"app-{number}"),
            "spec": spec,
        }


def _named(number: int, name: str) -> Object:
    component = COMPONENTS[number % len(COMPONENTS)]
    labels = {
        "app": f"app-{number}",
        "app.kubernetes.io/name": component,
        "app.kubernetes.io/component": "controller" if component == "cert-manager" else component,
        "app.kubernetes.io/instance": f"release-{number}",
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": "shop-4.12.1",
    }
    annotations = {"example.com/description": f"What app-{number} does, as its owners wrote it. " * 6}
    metadata = {"name": name, "namespace": namespace_name(number), "labels": labels, "annotations": annotations}
    return {"metadata": metadata}


def _deployment(number: int) -> Object:
    named = _named(number, f"app-{number}")
    template = {"metadata": {"labels": named["metadata"]["labels"]}, "spec": _pod_spec(number)}
    selector = {"matchLabels": {"app": f"app-{number}"}}
    spec = {"replicas": 1 + number % 4, "selector": selector, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", **named, "spec": spec}


def _pod(number: int, replica: int) -> Object:
    named = _named(number, f"app-{number}-5d8f9c7b6d-{replica:05}")
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": f"app-{number}-5d8f9c7b6d",
        "uid": f"00000000-0000-4000-8000-{number:012}",
        "controller": True,
    }
    named["metadata"]["ownerReferences"] = [owner]
    return {"apiVersion": "v1", "kind": "Pod", **named, "spec": _pod_spec(number)}


def _pod_spec(number: int) -> Object:
    return {
        "serviceAccountName": f"app-{number}",
        "automountServiceAccountToken": number % 3 == 0,
        "initContainers": [_container("init", number)],
        "containers": [_container("app", number), _container("proxy", number + 1), _container("logs", number + 2)],
        "volumes": [{"name": f"volume-{each}", "configMap": {"name": f"config-{number}-{each}"}} for each in range(4)],
    }


def _image(name: str, number: int) -> str:
    component = COMPONENTS[number % len(COMPONENTS)]
    if name != "app" or component == "shop":
        return f"registry.example/team/{name}:v1.{number % 7}.0"
    return f"quay.io/jetstack/cert-manager-{component.replace('cert-manager', 'controller')}:v1.21.1"


def _container(name: str, number: int) -> Object:
    probes = (
        {} if name == "init" else {"livenessProbe": {"httpGet": {"path": "/livez", "port": 8080}, "periodSeconds": 7}}
    )
    security = {"allowPrivilegeEscalation": False, "runAsNonRoot": number % 5 > 0}
    return {
        "name": name,
        "image": _image(name, number),
        "args": [f"--setting-{each}=value-{each}" for each in range(8)],
        "env": [{"name": f"VARIABLE_{each}", "value": f"what variable {each} is set to"} for each in range(12)],
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "volumeMounts": [{"name": f"volume-{each}", "mountPath": f"/etc/config/{each}"} for each in range(4)],
        **({"securityContext": security} if number % 2 else {}),
        **probes,
    }


def create(url: str, token: str, trust: ssl.SSLContext, made: Sequence[Object]) -> None:
    """Create the objects, by a few connections that stay open; none may be refused."""
    here, opened = local(), list[HTTPSConnection]()
    host = urlsplit(url).netloc
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(each: Object) -> None:
        if not hasattr(here, "connection"):
            here.connection = HTTPSConnection(host, context=trust)
            opened.append(here.connection)
        path = PLURALS[each["kind"]].format(each["metadata"].get("namespace"))
        here.connection.request("POST", f"/{path}", json.dumps(each), headers)
        answer = here.connection.getresponse()
        said = answer.read()
        assert answer.status == 201, said

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(post, made))
    for connection in opened:
        connection.close()
