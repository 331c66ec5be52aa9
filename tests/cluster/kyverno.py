"""Kyverno's admission and reports controllers, as its release starts them, on loopback and under their own accounts."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.api_server import Binary, Cluster, answers
from tests.cluster.controllers import AGGREGATING, controllers
from tests.cluster.processes import Program, free_port, running, wait_until
from tests.cluster.requests import Client
from tests.cluster.shipped import Document, apply, container, released

MODULE = "github.com/kyverno/kyverno"
RELEASE = "config/install-latest-testing.yaml"
NAMESPACE = "kyverno"
WEBHOOK = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kyverno-policy-validating-webhook-cfg"
"""What the controller registers for policies themselves, once it can take them."""
ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
GATHERING = ("kyverno:admission-controller", "kyverno:reports-controller")
_ANY = ssl._create_unverified_context()
"""The controller makes its certificate itself; whether it serves with one is asked."""
RUN_BY_NONE = ("Deployment", "CronJob", "Service")


@contextmanager
def kyverno(binary: Binary, cluster: Cluster, folder: Path) -> Iterator[Cluster]:
    """Install Kyverno into the cluster and run its admission controller."""
    objects = released("kyverno", MODULE, RELEASE)
    install(cluster, objects)
    port = free_port()
    changes = {
        "kubeconfig": cluster.account(NAMESPACE, "kyverno-admission-controller"),
        "serverIP": f"127.0.0.1:{port}",
        "webhookServerPort": port,
        "controllerRuntimeMetricsAddress": "0",
        "omitEvents": "PolicyViolation,PolicyApplied,PolicyError,PolicySkipped",
        **_quiet(),
    }
    with controllers(binary, cluster, folder, AGGREGATING):
        client = Client.of(cluster)
        wait_until("roles have the rules of others", lambda: all(_rules(client)))
        with controller(
            "kyverno-admission-controller", binary("kyverno-controller"), objects, changes, folder
        ) as program:
            program.wait_until(
                lambda: client.ask("GET", WEBHOOK).is_taken
                and answers(f"https://127.0.0.1:{port}/health/readiness", _ANY)
            )
            yield cluster


@contextmanager
def reports(binary: Binary, cluster: Cluster, folder: Path) -> Iterator[None]:
    """Run the reports controller, which judges what is there; its first scan is at once."""
    objects = released("kyverno", MODULE, RELEASE)
    changes = {"kubeconfig": cluster.account(NAMESPACE, "kyverno-reports-controller"), **_quiet()}
    with controller("kyverno-reports-controller", binary("kyverno-reports"), objects, changes, folder):
        yield


def install(cluster: Cluster, objects: Iterable[Document]) -> None:
    """The release without what runs on nodes, of which there are none."""
    apply(cluster, [each for each in objects if each["kind"] not in RUN_BY_NONE])


@contextmanager
def controller(
    name: str, binary: Path, objects: Iterable[Document], changes: Mapping[str, object], folder: Path
) -> Iterator[Program]:
    """Run a controller with the release's flags but for the changes."""
    shipped = container(objects, name)
    environment = {**os.environ, **shipped.environment}
    with running(name, shipped.command(binary, changes), folder, environment) as program:
        yield program


def _rules(client: Client) -> Iterator[object]:
    """The rules of each role of a controller, which gathers them from others."""
    return (client.ask("GET", f"{ROLES}/{each}").body.get("rules") for each in GATHERING)


def _quiet() -> Mapping[str, object]:
    return {
        "v": "0",
        "clientRateLimitQPS": 5000,
        "clientRateLimitBurst": 5000,
        "disableMetrics": "true",
        "metricsPort": free_port(),
    }
