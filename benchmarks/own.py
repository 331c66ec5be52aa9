"""cmpolicy's own commands: start-up, `build` and `check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Command, Measured, in_turn
from benchmarks.tables import Figure, Goal, Table
from benchmarks.workshop import CMPOLICY, FOUND, PYTHON, RULES, Workshop

_READ = "import sys, yaml\nfor document in yaml.load_all(open(sys.argv[1]), yaml.CSafeLoader):\n    pass"
RULE_COUNTS, OBJECT_COUNTS = (1, 10, 30), (100, 1_000, 10_000)


def start(workshop: Workshop) -> Iterator[Table]:
    """What it takes until help is shown."""
    commands: dict[str, Command] = {"python -c pass": [PYTHON, "-c", "pass"], "cmpolicy --help": [*CMPOLICY, "--help"]}
    found = in_turn(commands, workshop.folder, workshop.rounds * 4)
    rows = [(name, 1000 * each.typical.cpu, 1000 * each.typical.wall) for name, each in found.items()]
    extra = rows[1][1] - rows[0][1]
    goals = {"milliseconds of processor time beyond `python -c pass`": Goal(extra, 60)}
    yield Table("Start-up", ("command", "CPU ms", "wall ms"), rows, goals)


def building(workshop: Workshop) -> Iterator[Table]:
    """A build of the built-in rules for every target, into a new folder and over an older build."""
    out = workshop.folder / "dist"
    fresh: Command = ["sh", "-c", f"rm -rf '{out}' && exec '{PYTHON}' -m cmpolicy build --out '{out}'"]
    removal: Command = ["sh", "-c", f"rm -rf '{out}'"]
    again: Command = [*CMPOLICY, "build", "--out", out]
    found = in_turn({"into a new folder": fresh, "over the last build": again}, workshop.folder, workshop.rounds)
    files = sum(path.is_file() for path in out.rglob("*"))
    rows = [
        (name, each.typical.user, each.typical.system, each.typical.wall, each.typical.peak)
        for name, each in found.items()
    ]
    in_turn({"": removal}, workshop.folder, 1)
    yield Table(
        f"`build` of every built-in rule for every target, {files} files",
        ("build", "user s", "system s", "wall s", "peak MiB"),
        rows,
        {"seconds of the processor into a new folder": Goal(found["into a new folder"].typical.cpu, 1)},
        ["system s is the file system's; $TMPDIR says where the files are written"],
    )


def checking(workshop: Workshop) -> Iterator[Table]:
    """`check` against reading alone, and as rules and objects grow."""
    yield _against_reading(workshop)
    yield _growth(workshop)


def _check(workshop: Workshop, objects: Path, rules: int = len(RULES)) -> Command:
    return [*CMPOLICY, "check", "--pack", workshop.pack(rules), objects]


def _against_reading(workshop: Workshop) -> Table:
    inputs = {
        "1,000 Pods": workshop.pods(1_000),
        "1,000 Pods, of which nearly every rule fails": workshop.pods(1_000, 0.9),
        "1,000 Deployments": workshop.deployments(1_000),
    }
    commands: dict[str, Command] = {}
    for name, path in inputs.items():
        commands[f"read {name}"] = [PYTHON, "-c", _READ, path]
        commands[f"check {name}"] = _check(workshop, path)
    found = in_turn(commands, workshop.folder, workshop.rounds, FOUND)
    ratios = {name: found[f"check {name}"].ratio(found[f"read {name}"]) for name in inputs}
    rows = [
        (name, path.stat().st_size / 1e6, *_cpu(found[f"read {name}"], found[f"check {name}"]), ratios[name])
        for name, path in inputs.items()
    ]
    columns = ("input", "MB", "CPU s of PyYAML's CSafeLoader", "CPU s of check", "its peak MiB", "ratio")
    goals = {"times reading 1,000 Pods": Goal(ratios["1,000 Pods"], 1.5)}
    return Table(f"`check` with {len(RULES)} rules beside reading alone", columns, rows, goals)


def _cpu(read: Measured, check: Measured) -> tuple[float, float, float]:
    return read.typical.cpu, check.typical.cpu, check.typical.peak


def _growth(workshop: Workshop) -> Table:
    rows = [row for rules in RULE_COUNTS for row in _growth_rows(workshop, rules)]
    columns = ("rules", "objects", "CPU s", "peak MiB", "µs an object")
    return Table("`check` as rules and objects grow", columns, rows, notes=["µs an object: beyond a run on no object"])


def _growth_rows(workshop: Workshop, rules: int) -> Iterator[tuple[Figure, ...]]:
    commands = {str(number): _check(workshop, workshop.pods(number), rules) for number in (0, *OBJECT_COUNTS)}
    found = in_turn(commands, workshop.folder, max(workshop.rounds // 2, 1), FOUND)
    start = found["0"].typical.cpu
    for number in OBJECT_COUNTS:
        cost = found[str(number)].typical
        yield rules, number, cost.cpu, cost.peak, (cost.cpu - start) / number * 1e6
