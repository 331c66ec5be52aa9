"""Programs that run while a test session lasts, each with a log of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

ROUND_SECONDS = 0.1
ROUNDS = 1800
PATIENCE_SECONDS = 600
END_SECONDS = 10
GO = {"GOGC": "400", "GOMEMLIMIT": "3GiB"}
"""Programs in Go may hold five times what they need, and not twice: to look for garbage takes a fifth of their time else."""
WITH_LIFELINE = 'exec 3<&0; "$@" 3<&- </dev/null & program=$!; (read -r _ <&3; kill "$program"; sleep 10; kill -9 -$$) & wait "$program"'
"""Runs a command until it ends or standard input does, which the system closes when these tests are killed.

An API server whose etcd has ended does not end by itself, so in the end the whole group is killed.
"""


class NotReady(Exception):
    """A program ended, or did not get ready in time; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running program, and the file that it writes its log to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Ask again and again; raise `NotReady` once the program has ended or was asked for three minutes."""
        for _ in range(ROUNDS):
            if is_ready():
                return
            try:
                self.process.wait(ROUND_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            raise NotReady(f"{self.name} ended with {self.process.returncode}: {self.tail()}")
        raise NotReady(f"{self.name} is not ready after {ROUNDS * ROUND_SECONDS:.0f} s: {self.tail()}")

    def tail(self) -> str:
        """The last lines of the log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([str(self.log), *lines[-30:]])


def wait_until(what: str, is_so: Callable[[], object], every: float = ROUND_SECONDS) -> None:
    """Ask again and again, for some minutes at most; raise `NotReady` with what was waited for.

    Where an answer costs much, ask `every` some seconds.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if is_so():
            return
        Event().wait(every)
    raise NotReady(f"{what}: not so after {PATIENCE_SECONDS} s")


@contextmanager
def running(
    name: str, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Program]:
    """Run a program in this folder until the block ends, however it ends."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["sh", "-c", WITH_LIFELINE, name, *map(str, command)],
            cwd=folder,
            env={**(os.environ if environment is None else environment), **GO},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Program(name, process, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program, and all that it started if it does not end by itself."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port of loopback on which nothing listens at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
