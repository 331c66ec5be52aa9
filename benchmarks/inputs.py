"""Seeded manifests: Pods and Deployments as teams write them, about 1.5 kB of YAML each, some of them with a defect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import TypeVar

from cmpolicy.values import Json, JsonMap

SEED = 20261125
DEFECTS = 0.015
"""The share of places for a defect that have it: with some twenty places, a good third of the objects fail a rule."""

APPS = ("checkout", "catalog", "search", "billing", "gateway", "reports", "mailer", "ledger", "sessions", "pricing")
TEAMS = ("payments", "storefront", "platform", "insight", "identity")

T = TypeVar("T")


class Maker:
    """Makes objects one after the other; the same seed makes the same ones."""

    def __init__(self, seed: int = SEED, defects: float = DEFECTS) -> None:
        self._random, self._defects = Random(seed), defects

    def pods(self, number: int) -> Iterator[JsonMap]:
        """So many Pods."""
        for index in range(number):
            app, team = self._random.choice(APPS), self._random.choice(TEAMS)
            metadata = {**_names(app, team, index), **self._described(app, team)}
            yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": self._pod_spec(app)}

    def deployments(self, number: int) -> Iterator[JsonMap]:
        """So many Deployments."""
        for index in range(number):
            app, team = self._random.choice(APPS), self._random.choice(TEAMS)
            template: JsonMap = {"metadata": self._described(app, team), "spec": self._pod_spec(app)}
            selector: JsonMap = {"matchLabels": {"app.kubernetes.io/name": app}}
            spec: JsonMap = {"replicas": self._random.randint(2, 9), "selector": selector, "template": template}
            metadata = {**_names(app, team, index), **self._described(app, team)}
            yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}

    def _spoilt(self, good: T, bad: T) -> T:
        return bad if self._random.random() < self._defects else good

    def _version(self) -> str:
        return f"{self._random.randint(1, 9)}.{self._random.randint(0, 40)}.{self._random.randint(0, 9)}"

    def _described(self, app: str, team: str) -> JsonMap:
        labels = {
            "app.kubernetes.io/name": app,
            "app.kubernetes.io/version": self._version(),
            "app.kubernetes.io/managed-by": self._spoilt("Helm", None),
            "example.com/team": self._spoilt(team, None),
        }
        return {"labels": _present(labels), "annotations": {"example.com/owner": f"{team}@example.com"}}

    def _pod_spec(self, app: str) -> JsonMap:
        config: JsonMap = {"name": "config", "configMap": {"name": f"{app}-config"}}
        sidecars = [self._container("proxy")] if self._random.random() < 0.05 else []
        return _present(
            {
                "serviceAccountName": self._spoilt(app, None),
                "automountServiceAccountToken": self._spoilt(False, True),
                "priorityClassName": self._spoilt("standard", None),
                "hostNetwork": self._spoilt(None, True),
                "terminationGracePeriodSeconds": self._spoilt(30, 600),
                "securityContext": self._pod_security(),
                "containers": [self._container(app), *sidecars],
                "volumes": [self._spoilt(config, _host_path("config"))],
            }
        )

    def _pod_security(self) -> JsonMap:
        profile = self._spoilt({"type": "RuntimeDefault"}, None)
        return _present({"runAsNonRoot": self._spoilt(True, None), "seccompProfile": profile})

    def _container(self, app: str) -> JsonMap:
        registry = self._spoilt("registry.example.com", "docker.io")
        return _present(
            {
                "name": app,
                "image": f"{registry}/{app}/server:{self._spoilt(self._version(), 'latest')}",
                "imagePullPolicy": "IfNotPresent",
                "args": ["--listen=:8080", self._spoilt("--log-level=info", "--log-level=debug")],
                "ports": [{"name": "http", "containerPort": 8080}],
                "env": self._env(app),
                "resources": self._resources(256 * self._random.randint(1, 4)),
                "livenessProbe": self._spoilt(_probe("/healthz"), None),
                "readinessProbe": self._spoilt(_probe("/ready"), None),
                "securityContext": self._security(),
                "volumeMounts": self._mounts(),
            }
        )

    def _env(self, app: str) -> list[Json]:
        secret: JsonMap = {"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"name": app, "key": "password"}}}
        return [
            {"name": "REGION", "value": "eu-west"},
            self._spoilt(secret, {"name": "DATABASE_PASSWORD", "value": "hunter2"}),
        ]

    def _resources(self, mebibytes: int) -> JsonMap:
        limits = _present({"memory": self._spoilt(f"{mebibytes}Mi", None)})
        requests = _present({"cpu": self._spoilt("100m", None), "memory": self._spoilt(f"{mebibytes}Mi", "8Gi")})
        return {"requests": requests, "limits": limits}

    def _security(self) -> JsonMap:
        return _present(
            {
                "allowPrivilegeEscalation": self._spoilt(False, None),
                "readOnlyRootFilesystem": self._spoilt(True, False),
                "privileged": self._spoilt(None, True),
                "capabilities": self._spoilt({"drop": ["ALL"]}, {"add": ["NET_ADMIN"]}),
            }
        )

    def _mounts(self) -> list[Json]:
        config = {"name": "config", "mountPath": "/etc/app", "readOnly": self._spoilt(True, None)}
        return [_present(config)]


def _names(app: str, team: str, index: int) -> JsonMap:
    return {"name": f"{app}-{index:05}", "namespace": f"{team}-production"}


def _present(fields: Mapping[str, Json]) -> JsonMap:
    return {key: value for key, value in fields.items() if value is not None}


def _host_path(name: str) -> JsonMap:
    return {"name": name, "hostPath": {"path": "/etc/app"}}


def _probe(path: str) -> JsonMap:
    return {"httpGet": {"path": path, "port": "http"}, "periodSeconds": 10}
