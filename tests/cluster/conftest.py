"""One API server for the session, and what cmpolicy builds for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.api_server import Binary, Cluster, api_server
from tests.engines.conftest import binary, missing  # noqa: F401  the same fixtures

PROFILES = ("default", "best-practice", "isolation", "gke", "hardening")


@pytest.fixture(scope="session")
def cluster(binary: Binary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:  # noqa: F811
    """An API server with nothing in it."""
    with api_server(binary, tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every rule for every target, blocked where it fails."""
    folder = tmp_path_factory.mktemp("built")
    options = [*(f"--profile={profile}" for profile in PROFILES), "--enforce", "--allow-gaps"]
    subprocess.run([sys.executable, "-m", "cmpolicy", "build", *options], cwd=folder, check=True, capture_output=True)
    return folder / "dist"
