"""A stream that is closed, or closes, ends a command with its exit code, never with a traceback."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Result, tree

CLOSED_OUT = "error[file]: standard output is closed\n  | send what is not wanted to `/dev/null`\n"
CLOSED_IN = "error[file]: cannot be read: standard input is closed\n  --> -\n"


def in_shell(command: str, cwd: Path) -> Result:
    """What a shell says of a command; `cmpolicy` in it is this one."""
    program = shlex.quote(str(Path(sys.executable).with_name("cmpolicy")))
    text = command.replace("cmpolicy", program)
    done = subprocess.run(["bash", "-c", text], cwd=cwd, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", ["list", "build", "--help", "explain my-first", "check policies", "nope"])
def test_a_closed_output_is_refused_before_anything_is_done(workspace: Path, command: str) -> None:
    before = {path for path in tree(workspace) if "__pycache__" not in path}
    assert in_shell(f"cmpolicy {command} >&-", workspace) == Result(2, "", CLOSED_OUT)
    assert {path for path in tree(workspace) if "__pycache__" not in path} == before


def test_a_closed_input_is_an_error_to_who_reads_it_alone(workspace: Path) -> None:
    assert in_shell("cmpolicy list <&-", workspace).code == 0
    found = in_shell("cmpolicy check - <&-", workspace)
    assert (found.code, found.err) == (2, CLOSED_IN)


@pytest.mark.parametrize(
    ("command", "code"), [("list", 0), ("check policies", 0), ("build", 0), ("list --rule nope", 2), ("nope", 2)]
)
def test_without_a_stream_for_errors_the_exit_code_says_it(workspace: Path, command: str, code: int) -> None:
    assert in_shell(f"cmpolicy {command} 2>&-", workspace).code == code


@pytest.mark.parametrize("command", ["list", "list --rule nope", "nope", "explain my-first"])
@pytest.mark.parametrize("streams", ["1", "2", "12"])
def test_a_reader_that_is_gone_is_no_traceback(workspace: Path, command: str, streams: str) -> None:
    read, write = os.pipe()
    os.close(read)
    out, err = (write if stream in streams else subprocess.PIPE for stream in "12")
    program = str(Path(sys.executable).with_name("cmpolicy"))
    done = subprocess.run([program, *command.split()], cwd=workspace, check=False, text=True, stdout=out, stderr=err)
    os.close(write)
    assert done.returncode in (0, 2, 141)
    assert "Traceback" not in (done.stdout or "") + (done.stderr or "")


def test_errors_to_a_full_disk_are_no_traceback(workspace: Path) -> None:
    assert in_shell("cmpolicy nope 2>/dev/full", workspace) == Result(2, "", "")
