"""Run the command line, in this process where that is enough."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from cmpolicy.cli.guard import run

from tests.oci.server import FakeRegistry, serving

PACK = '''\
"""A pack."""

from cmpolicy.dsl import Pack

PACK = Pack(prefix="my", title="My pack", category="Mine")
'''

RULE = '''\
"""my-{name}"""

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment


def example(replicas):
    return {{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {{"name": "app"}}, "spec": {{"replicas": replicas}}}}


@rule(severity="high", match=match(Deployment), message="too few replicas", good=[example(3)], bad=[example(1)])
def {name}(deployment: Deployment, minimum: int = 2, names: list[str] = ["app"]) -> Condition:
    """Deployments run enough replicas.

    Parameters:
        minimum: Replicas that are enough
        names: Names of Deployments
    """
    return {condition}
'''

FINE = "(deployment.spec.replicas >= minimum) & deployment.metadata.name.is_in(names)"


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def cmpolicy(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""
    return runner(capfd)


def runner(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in this process."""

    def run_here(*arguments: str) -> Result:
        code = run(arguments)
        sys.stdout.flush()
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run_here


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a pack of two rules in `policies/my_pack`."""
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "policies" / "my_pack"
    pack.mkdir(parents=True)
    (pack / "__init__.py").write_text(PACK)
    for name in ("first", "second"):
        write_rule(tmp_path, name)
    return tmp_path


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRegistry]:
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with serving() as found:
        yield found


@pytest.fixture
def built(cmpolicy: Run, workspace: Path) -> Path:
    """A working folder with a bundle of two targets in `dist`."""
    assert cmpolicy("build", "--target", "vap", "--target", "kyverno").code == 0
    return workspace


@pytest.fixture
def place(built: Path, registry: FakeRegistry, cmpolicy: Run) -> str:
    """Where the bundle is published."""
    reference = f"oci://{registry.host}/acme/policies:1.4.0"
    assert cmpolicy("publish", reference).code == 0
    return reference


def write_rule(workspace: Path, name: str, condition: str = FINE) -> Path:
    """Write a rule of the workspace's pack."""
    file = workspace / "policies" / "my_pack" / f"{name}.py"
    file.write_text(RULE.format(name=name, condition=condition))
    return file


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def start(*arguments: str, cwd: Path, code: str = "", env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command in a process of its own; `code` is Python that runs first."""
    script = f"{code}\nfrom cmpolicy.cli import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> Result:
    """Wait for a started command."""
    out, err = process.communicate(timeout=60)
    return Result(process.returncode, out, err)


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder, as somebody; what it prints."""
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.com", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace, committed on `main`, with a branch `work` checked out."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    git(workspace, "init", "-q", "-b", "main")
    git(workspace, "add", ".")
    git(workspace, "commit", "-q", "-m", "first")
    git(workspace, "checkout", "-q", "-b", "work")
    return workspace


def commit(repository: Path, message: str = "next") -> None:
    """Commit everything."""
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", message)
