"""Run another program for a limited time, so that nothing that it starts outlives it or keeps anybody waiting."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that ended: its exit code, or less than nothing for the signal that ended it, and what it wrote."""

    code: int
    out: bytes
    errors: bytes

    @property
    def how(self) -> str:
        """How it ended, in words: `ended with 7`, `was killed by SIGKILL`."""
        if self.code >= 0:
            return f"ended with {self.code}"
        known = {each.value: each.name for each in signal.Signals}
        return f"was killed by {known.get(-self.code, f'signal {-self.code}')}"


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float) -> Ended | None:
    """The program when it has ended; None if it was stopped because the time was up. Raises `OSError` if it cannot start.

    It gets no input. It writes to files: of a pipe the end is only seen once everything that holds it has ended too.
    """
    with TemporaryFile() as out, TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
        out.seek(0)
        errors.seek(0)
        return Ended(code, out.read(), errors.read())


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program, and what it started in its session."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def limit_files(most: int) -> None:
    """Let this process write at most so many bytes to any one file, where the system can hold it to that."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
