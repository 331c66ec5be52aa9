"""What tests tell is shown at the end of a run, also of one whose tests are shared by processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_counted(number, tell):
    tell(f"counted {number}")

@pytest.mark.parametrize("number", [1, 2])
def test_skipped(number):
    pytest.skip("nothing is built")

def test_failing(tell):
    tell("counted to the end")
    assert False
"""


@pytest.mark.parametrize("processes", [0, 2])
def test_lines_are_shown_once_and_in_the_end(processes: int, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    (tmp_path / "test_told.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", f"--numprocesses={processes}"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    told = ("counted 1", "counted 2", "counted to the end", "skipped: nothing is built")
    assert {line: shown.splitlines().count(line) for line in told} == dict.fromkeys(told, 1)
