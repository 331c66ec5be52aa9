"""The command lines of others, as people run them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cli.conftest import Result

PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Tool:
    """A program; it runs in the working folder and the environment of the test."""

    binary: Path

    def __call__(self, *arguments: str | Path) -> Result:
        """What it printed and its exit code."""
        command = [str(self.binary), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE_SECONDS)
        return Result(done.returncode, done.stdout, done.stderr)

    def good(self, *arguments: str | Path) -> str:
        """What it printed; it must not fail."""
        result = self(*arguments)
        assert result.code == 0, f"{arguments}: {result.err}{result.out}"
        return result.out
