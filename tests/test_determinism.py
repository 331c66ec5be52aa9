"""The same rules give the same bytes, whatever the process, its locale, its time zone or its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

PACK = Path(__file__).parents[1] / "policies" / "cert_manager"

PLAIN: Mapping[str, str] = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
OTHERS: Mapping[str, Mapping[str, str]] = {
    "elsewhere": {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr", "TZ": "Pacific/Kiritimati"},
    "ascii": {
        "PYTHONHASHSEED": "1",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONOPTIMIZE": "1",
        "TZ": "America/St_Johns",
    },
}


def build(folder: Path, env: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of a build in a process of its own, which knows of no repository."""
    command = [sys.executable, "-m", "cmpolicy", "build", "--allow-gaps", "--pack", str(PACK), "--out", str(folder)]
    cleared = {**os.environ, "GIT_DIR": str(folder / "none"), "PYTHONDONTWRITEBYTECODE": "1", **env}
    subprocess.run(command, env=cleared, check=True, capture_output=True)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(tmp_path_factory.mktemp("expected"), PLAIN)


def test_a_build_has_files_of_every_target(expected: dict[str, bytes]) -> None:
    assert {path.split("/")[0] for path in expected} == {
        "bundle.json",
        "datree",
        "gatekeeper",
        "kyverno",
        "kyverno-cel",
        "rules.json",
        "vap",
    }


@pytest.mark.parametrize("name", OTHERS)
def test_every_process_writes_the_same_bytes(name: str, expected: dict[str, bytes], tmp_path: Path) -> None:
    found = build(tmp_path / "deep" / "dist", OTHERS[name])
    assert found.keys() == expected.keys()
    assert [path for path in expected if found[path] != expected[path]] == []
