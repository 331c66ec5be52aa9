"""Programs run beside the tests and never longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.processes import NotReady, running

SLEEPER = (sys.executable, "-c", "import os, signal; print(os.getpid(), flush=True); signal.pause()")
STUBBORN = (
    sys.executable,
    "-c",
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True)\n"
    "while True: signal.pause()",
)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pid_in(log: Path) -> int:
    return int(log.read_text().split()[0])


def test_a_program_ends_with_the_block(tmp_path: Path) -> None:
    with running("sleeper", SLEEPER, tmp_path) as program:
        program.wait_until(lambda: bool(program.log.read_text()))
        assert is_alive(pid_in(program.log))
    assert not is_alive(pid_in(program.log))


def test_one_that_does_not_want_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cluster.processes.END_SECONDS", 0.2)
    with running("stubborn", STUBBORN, tmp_path) as program:
        program.wait_until(lambda: bool(program.log.read_text()))
    assert program.process.returncode == -signal.SIGKILL


def test_one_that_ends_by_itself_is_not_waited_for(tmp_path: Path) -> None:
    with (
        pytest.raises(NotReady, match=r"failing ended with 3: .*\nwhy it failed"),
        running("failing", ["sh", "-c", "echo why it failed; exit 3"], tmp_path) as program,
    ):
        program.wait_until(lambda: False)


def test_a_program_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tests.cluster.processes import running\n"
        f"with running('sleeper', {SLEEPER!r}, Path({str(tmp_path)!r})) as program:\n"
        "    program.wait_until(lambda: bool(program.log.read_text()))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    pid = str(pid_in(tmp_path / "sleeper.log"))
    with running("waiting", ["sh", "-c", "while kill -0 $0; do :; done", pid], tmp_path) as waiting:
        assert waiting.process.wait(timeout=10) == 0
