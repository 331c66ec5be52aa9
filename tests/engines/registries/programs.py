"""Programs that serve on a free port of this machine, and what they print."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Self

PATIENCE_SECONDS = 60
LISTENING = re.compile(r"listening on (127\.0\.0\.1:\d+)")
REQUEST = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE) (/v2/\S*)")
_marks = count()


class NotServing(Exception):
    """A program ended, or did not print what it should; the message has what it printed."""


class Program:
    """A registry that runs until the `with` block ends. It prints where it listens, and each request that it answered."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self._lines: list[str] = []
        self._changed = Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            text=True,
            encoding="utf-8",
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as soon as the program listens there."""
        return self._find(LISTENING)[1]

    def requests(self) -> list[str]:
        """`METHOD PATH` of all that was asked so far, in the order of the answers."""
        mark = f"/v2/mark/{next(_marks)}/tags/list"
        connection = HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        connection.request("GET", mark)
        connection.getresponse().read()
        connection.close()
        # What was answered before it stands before it.
        self._find(re.compile(re.escape(mark)))
        asked = [f"{found[1]} {found[2]}" for line in self._lines if (found := REQUEST.search(line))]
        return [each for each in asked if "/mark/" not in each]

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _find(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """The first line that the pattern finds, as soon as it is there."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._search(pattern), PATIENCE_SECONDS)
            found = self._search(pattern)
        if found is None:
            raise NotServing(f"no `{pattern.pattern}` in\n{''.join(self._lines[-20:])}")
        return found

    def _search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return next(filter(None, map(pattern.search, self._lines)), None)
