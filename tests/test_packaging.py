"""What is installed from the wheel is the source: the same files, and the same bytes built by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dev import ROOT

PACKAGES = {"compiler": "cmpolicy", "targets": "cmpolicy/targets", "policies": "cmpolicy/policies"}
RUN = "import sys; from cmpolicy.cli import main; main()"


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What a command says on standard output; its errors fail the test."""
    told = subprocess.run(
        [str(part) for part in command], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def files(folder: Path) -> Iterator[Path]:
    """The files below a folder, by their relative paths, without Python's caches."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs; the wheel is built through the sdist, of a copy of the sources."""
    folder = tmp_path_factory.mktemp("packaging")
    source = folder / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(ROOT / name, source)
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "wheels", source], folder)
    (wheel,) = (folder / "wheels").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-index"]
    run([*pip, "--target", folder / "site", wheel], folder)
    return folder / "site"


def test_wheel_holds_exactly_the_sources(installed: Path) -> None:
    expected = {Path(package, file) for name, package in PACKAGES.items() for file in files(ROOT / name)}
    assert {file for file in files(installed) if file.parts[0] == "cmpolicy"} == expected


def test_nothing_else_is_put_beside_other_packages(installed: Path) -> None:
    names = {path.name.split("-")[0] for path in installed.iterdir()}
    assert names == {"cmpolicy", "bin"}


def test_installed_files_are_the_sources(installed: Path) -> None:
    changed = [
        Path(name, file)
        for name, package in PACKAGES.items()
        for file in files(ROOT / name)
        if (ROOT / name / file).read_bytes() != (installed / package / file).read_bytes()
    ]
    assert changed == []


def test_installed_command_builds_the_same_bytes(installed: Path, tmp_path: Path) -> None:
    place = run(
        [sys.executable, "-c", "import cmpolicy; print(cmpolicy.__file__)"], tmp_path, PYTHONPATH=str(installed)
    )
    assert Path(place.strip()).is_relative_to(installed)
    run([sys.executable, "-c", RUN, "build", "--allow-gaps", "--out", "wheel"], tmp_path, PYTHONPATH=str(installed))
    run([sys.executable, "-c", RUN, "build", "--allow-gaps", "--out", "source"], tmp_path)
    built = list(files(tmp_path / "source"))
    assert built == list(files(tmp_path / "wheel"))
    # The bundle's record tells the revision of the sources, which only a clone knows.
    policies = [file for file in built if file != Path("bundle.json")]
    assert len(policies) > 100
    assert [
        file
        for file in policies
        if (tmp_path / "source" / file).read_bytes() != (tmp_path / "wheel" / file).read_bytes()
    ] == []
