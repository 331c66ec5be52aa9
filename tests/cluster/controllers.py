"""The controllers that come with Kubernetes: what they make of what is stored, and what they delete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.api_server import Binary, Cluster
from tests.cluster.processes import Program, running

AGGREGATING = ("clusterrole-aggregation-controller",)
"""Gives roles that aggregate others the others' rules."""
DELETING = ("garbage-collector-controller", "namespace-controller")
WORKLOADS = tuple(
    f"{each}-controller"
    for each in ("deployment", "replicaset", "replicationcontroller", "statefulset", "daemonset", "job", "cronjob")
)
CHECKING_TYPES = ("validatingadmissionpolicy-status-controller",)
"""Tells in the status of each ValidatingAdmissionPolicy what is wrong with the types in its expressions."""


@contextmanager
def controllers(binary: Binary, cluster: Cluster, folder: Path, names: tuple[str, ...]) -> Iterator[Program]:
    """Run kube-controller-manager with these of its controllers, until the block ends."""
    flags = {
        "kubeconfig": cluster.kubeconfig,
        "controllers": ",".join(names),
        "leader-elect": "false",
        "secure-port": 0,
        "kube-api-qps": 1000,
        "kube-api-burst": 1000,
    }
    command: list[str | Path] = [
        binary("kube-controller-manager"),
        *(f"--{name}={each}" for name, each in flags.items()),
    ]
    with running(f"kube-controller-manager-{names[0]}", command, folder) as program:
        yield program
