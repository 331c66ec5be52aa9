"""cmpolicy's own commands: start-up, `build` and `check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cmpolicy.load import built_in_packs, load_packs

from benchmarks.measure import Command, Measured, in_turn
from benchmarks.tables import Figure, Goal, Table
from benchmarks.workshop import CMPOLICY, FOUND, PYTHON, RULES, Workshop

_READ = "import sys, yaml\nfor document in yaml.load_all(open(sys.argv[1]), yaml.CSafeLoader):\n    pass"
EVERY_PROFILE = tuple(word for name in load_packs(built_in_packs()).profiles for word in ("--profile", name))
"""The options that ask for the whole catalogue."""
RULE_COUNTS, OBJECT_COUNTS = (1, 10, 30), (100, 1_000, 10_000)


def start(workshop: Workshop) -> Iterator[Table]:
    """What it takes until help is shown, and until the built-in rules are loaded."""
    commands: dict[str, Command] = {
        "python -c pass": [PYTHON, "-c", "pass"],
        "cmpolicy --help": [*CMPOLICY, "--help"],
        "cmpolicy list": [*CMPOLICY, "list"],
        "cmpolicy check of one Deployment": [*CMPOLICY, "check", workshop.deployments(1)],
    }
    found = in_turn(commands, workshop.folder, workshop.rounds * 4, FOUND)
    rows = [(name, 1000 * each.typical.cpu, 1000 * each.typical.wall) for name, each in found.items()]
    goals = {
        "milliseconds of `--help` beyond `python -c pass`": Goal(rows[1][1] - rows[0][1], 60),
        "milliseconds of `list`": Goal(rows[2][1], 350),
    }
    yield Table("Start-up", ("command", "CPU ms", "wall ms"), rows, goals)


def building(workshop: Workshop) -> Iterator[Table]:
    """A build of the built-in rules for every target, into a new folder and over an older build."""
    new, everything, out = (workshop.folder / name for name in ("new", "new-everything", "dist"))
    commands: dict[str, Command] = {
        "default profile, into a new folder": _into_new(new),
        "default profile, over the last build": [*CMPOLICY, "build", "--out", out],
        "every profile, into a new folder": _into_new(everything, "--allow-gaps", *EVERY_PROFILE),
    }
    found = in_turn(commands, workshop.folder, workshop.rounds, FOUND)
    files = [sum(path.is_file() for path in folder.rglob("*")) for folder in (out, out, next(everything.iterdir()))]
    rows = [
        (name, number, each.typical.user, each.typical.system, each.typical.wall, each.typical.peak)
        for (name, each), number in zip(found.items(), files, strict=True)
    ]
    in_turn({"": ["rm", "-rf", new, everything, out]}, workshop.folder, 1)
    yield Table(
        "`build` of the built-in rules for every target",
        ("build", "files", "user s", "system s", "wall s", "peak MiB"),
        rows,
        {"seconds for the default profile": Goal(next(iter(found.values())).typical.wall, 1)},
        [
            "every processor takes the next rule, and one of them asks Git: wall s is what users wait",
            "system s is the file system's; $TMPDIR says where the files are written",
        ],
    )


def _into_new(folder: Path, *options: str) -> Command:
    """A build into a folder of its own: to remove what an earlier one left would count too."""
    return ["sh", "-c", f"exec '{PYTHON}' -m cmpolicy build --out '{folder}/'$$ {' '.join(options)}"]


def checking(workshop: Workshop) -> Iterator[Table]:
    """`check` against reading alone, and as rules and objects grow."""
    yield _against_reading(workshop)
    yield _by_the_catalogue(workshop)
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


def _by_the_catalogue(workshop: Workshop) -> Table:
    """The built-in rules on objects that are nobody's in particular: most of what `check` does then is to skip them."""
    path = workshop.deployments(1_000)
    commands: dict[str, Command] = {
        "reading alone": [PYTHON, "-c", _READ, path],
        "default profile": [*CMPOLICY, "check", path],
        "every profile": [*CMPOLICY, "check", *EVERY_PROFILE, path],
    }
    found = in_turn(commands, workshop.folder, workshop.rounds, FOUND)
    base = found["reading alone"]
    rows = [(name, each.typical.cpu, each.typical.peak, each.ratio(base)) for name, each in found.items()]
    return Table("`check` of 1,000 Deployments by the built-in rules", ("rules", "CPU s", "peak MiB", "ratio"), rows)


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
