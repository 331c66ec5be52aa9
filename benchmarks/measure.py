"""What a command costs: a whole process, and everything that it starts and waits for.

Processor time is user and system together, which other work on the machine disturbs least. Commands that are compared
run in turn, round by round, and the ratio is the median of the rounds' own ratios.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

Command: TypeAlias = Sequence[str | Path]

_LAUNCH = Path(__file__).with_name("launch.py")


class BenchmarkError(Exception):
    """A command did not do what is measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor in the program and in the system, and of the clock; the most memory of a process in MiB."""

    user: float
    system: float
    wall: float
    peak: float

    @property
    def cpu(self) -> float:
        return self.user + self.system


def run(command: Command, scratch: Path, ends: Sequence[int] = (0,)) -> tuple[Cost, str]:
    """Run a command once; what it cost and what it printed. Raises `BenchmarkError` for an exit code not in `ends`.

    It runs in the scratch folder, as cmpolicy does for its users: in its own repository it checks its packs at each start.
    """
    printed, told = scratch / "stdout", scratch / "cost"
    launched = [sys.executable, "-I", "-S", _LAUNCH, told, *command]
    with printed.open("wb") as stdout, (scratch / "stderr").open("wb") as stderr:
        started = time.monotonic()
        subprocess.run(launched, stdout=stdout, stderr=stderr, cwd=scratch, env=environment(scratch), check=True)
        wall = time.monotonic() - started
    user, system, peak, code = told.read_text().split()
    if int(code) not in ends:
        said = (scratch / "stderr").read_text(errors="replace")[-2000:]
        raise BenchmarkError(f"`{' '.join(map(str, command))}` ended with {code}\n{said}")
    return Cost(float(user), float(system), wall, int(peak) / 1024), printed.read_text(errors="replace")


def environment(scratch: Path) -> Mapping[str, str]:
    """The user's own, but compiled Python is kept as it is for an installed program, and in the scratch folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON") or name == "PYTHONPATH"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(scratch / "pycache")}


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of a command over some rounds."""

    costs: tuple[Cost, ...]

    @property
    def typical(self) -> Cost:
        """The median of each figure; the largest memory."""
        return Cost(
            median(cost.user for cost in self.costs),
            median(cost.system for cost in self.costs),
            median(cost.wall for cost in self.costs),
            max(cost.peak for cost in self.costs),
        )

    def ratio(self, base: Measured) -> float:
        """Processor time against that of another command, the median over rounds."""
        return median(own.cpu / other.cpu for own, other in zip(self.costs, base.costs, strict=True))


def in_turn(
    commands: Mapping[str, Command], scratch: Path, rounds: int, ends: Sequence[int] = (0,)
) -> Mapping[str, Measured]:
    """Every command once for warming up, and then in turn so many times."""
    for command in commands.values():
        run(command, scratch, ends)
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(run(command, scratch, ends)[0])
    return {name: Measured(tuple(found)) for name, found in costs.items()}
