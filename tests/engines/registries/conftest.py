"""Registries that run until the tests end, a bundle to publish, and who is logged in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from cmpolicy.sign.files import write_pair

from tests.cli.conftest import Run, runner
from tests.engines import build
from tests.engines.registries.places import STARTS, WRITER, Registry, Starter, docker_config
from tests.sign.samples import KEY, OTHER_KEY

Registries: TypeAlias = Callable[[str], Registry]
Publish: TypeAlias = Callable[..., str]
NOWHERE = "http://127.0.0.1:1"
"""A proxy that is not there: whatever leaves this machine fails at once."""
TAG = "1.4.0"
PASSWORD = "open sesame"
SMALL = (
    *("--rule", "cm-webhook-replicas", "--rule", "cm-certificate-duration"),
    *("--target", "kyverno", "--target", "vap"),
)


@pytest.fixture
def cmpolicy(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""
    return runner(capfd)


@pytest.fixture(scope="session")
def registries(binary: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registries]:
    """Each registry by its name, started when it is first asked for."""
    starter = Starter(binary, tmp_path_factory.mktemp("registries"))
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(starter.start(name)))


@pytest.fixture(params=STARTS)
def registry(request: pytest.FixtureRequest, registries: Registries) -> Registry:
    """Each registry in turn."""
    return registries(request.param)


@pytest.fixture
def place(registry: Registry) -> str:
    """`HOST/REPOSITORY`, where nothing is yet."""
    return registry.place()


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of two rules for two targets."""
    return _build(tmp_path_factory.mktemp("built"), *SMALL)


@pytest.fixture(scope="session")
def other_dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, where a parameter of one rule is another."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "values.yaml").write_text("cm-webhook-replicas: {minimum: 5}\n")
    return _build(folder, *SMALL, "--values", "values.yaml")


def _build(folder: Path, *options: str) -> Path:
    subprocess.run([sys.executable, "-m", "cmpolicy", "build", *options], cwd=folder, check=True, capture_output=True)
    return folder / "dist"


@pytest.fixture(autouse=True)
def logged_in(tmp_path: Path, registries: Registries, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that `DOCKER_CONFIG` names: logged in to every registry that wants it. Nothing leaves this machine."""
    hosts = [each.host for each in map(registries, STARTS) if each.login]
    # The engines stay where they are when the home is another.
    monkeypatch.setenv("CMPOLICY_CACHE", str(build.cache_folder()))
    for name in (
        "REGISTRY_AUTH_FILE",
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
        "SOURCE_DATE_EPOCH",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    config = docker_config(tmp_path / "docker", {host: {"auth": WRITER.basic} for host in hosts})
    monkeypatch.setenv("DOCKER_CONFIG", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return config


@pytest.fixture(scope="session")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of two keys, `cosign` and `other`. To encrypt one takes a fifth of a second, by design."""
    folder = tmp_path_factory.mktemp("keys")
    for name, key in (("cosign", KEY), ("other", OTHER_KEY)):
        write_pair(folder / name, key, PASSWORD.encode())
    return folder


@pytest.fixture
def keys(key_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with these files."""
    monkeypatch.setenv("COSIGN_PASSWORD", PASSWORD)
    shutil.copytree(key_files, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def publish(cmpolicy: Run, place: str, dist: Path) -> Publish:
    """Publish a bundle; gives its reference."""

    def run(*options: str, folder: Path = dist, tag: str = TAG) -> str:
        reference = f"oci://{place}:{tag}"
        result = cmpolicy("publish", reference, "--from", str(folder), *options)
        assert (result.code, result.err) == (0, "")
        return reference

    return run
