"""Policies are installed as users install them, once and again, and leave nothing when they are removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.api_server import Cluster

KINDS = {"vap": ("validatingadmissionpolicies", "validatingadmissionpolicybindings")}


@pytest.fixture(scope="module")
def installed(cluster: Cluster, dist: Path) -> Iterator[Cluster]:
    """The folder of `vap`, applied in one go."""
    result = cluster("apply", "-k", dist / "vap")
    assert (result.code, result.err) == (0, "")
    yield cluster
    cluster.good("delete", "-k", dist / "vap")
    assert [names(cluster, kind) for kind in KINDS["vap"]] == [[], []]


def names(cluster: Cluster, kind: str) -> list[str]:
    found = json.loads(cluster.good("get", kind, "--output", "json"))
    return sorted(each["metadata"]["name"] for each in found["items"])


def test_every_policy_and_binding_is_there(installed: Cluster, dist: Path) -> None:
    policies, bindings = (names(installed, kind) for kind in KINDS["vap"])
    assert policies == bindings == sorted(path.stem for path in (dist / "vap/policies").iterdir())


def test_applied_again_nothing_changes(installed: Cluster, dist: Path) -> None:
    lines = installed.good("apply", "-k", dist / "vap").splitlines()
    assert {line.split()[-1] for line in lines} == {"unchanged"}
    assert installed("diff", "-k", dist / "vap").code == 0


def test_the_api_server_finds_no_fault(installed: Cluster) -> None:
    found = json.loads(installed.good("get", KINDS["vap"][0], "--output", "json"))
    warnings = {
        each["metadata"]["name"]: each["status"]["typeChecking"]["expressionWarnings"]
        for each in found["items"]
        if "expressionWarnings" in each.get("status", {}).get("typeChecking", {})
    }
    assert warnings == {}
