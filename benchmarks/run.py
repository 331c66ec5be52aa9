"""Run benchmarks and print what came of them: `python benchmarks/run.py [suite ...]`."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import admission, libraries, own, peers, publishing, verdicts  # noqa: E402
from benchmarks.measure import BenchmarkError  # noqa: E402
from benchmarks.tables import Table  # noqa: E402
from benchmarks.workshop import Workshop  # noqa: E402

SUITES: Mapping[str, Callable[[Workshop], Iterator[Table]]] = {
    "start": own.start,
    "build": own.building,
    "check": own.checking,
    "peers": peers.beside_others,
    "publish": publishing.publishing,
    "verdicts": verdicts.per_engine,
    "kyverno": verdicts.kyverno_admission,
    "libraries": libraries.against_libraries,
    "admission": admission.admission,
}


def main() -> int:
    """Run what is asked for; the exit code is 1 if a goal is missed or a benchmark fails."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cmpolicy-benchmarks-") as scratch:
        try:
            clones = options.gatekeeper_library, options.kyverno_policies
            tables = list(_tables(options, Workshop(Path(scratch), options.rounds, *clones)))
        except BenchmarkError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    if options.json:
        options.json.write_text(json.dumps(_document(tables), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(any(not goal.is_reached for table in tables for goal in table.goals.values()))


def _tables(options: argparse.Namespace, workshop: Workshop) -> Iterator[Table]:
    for name in options.suite or SUITES:
        print(f"== {name}", flush=True)
        yield from map(_printed, SUITES[name](workshop))


def _printed(table: Table) -> Table:
    print(table.text(), flush=True)
    return table


def _document(tables: list[Table]) -> dict[str, object]:
    machine = {"processor": _processor(), "system": platform.platform(), "python": platform.python_version()}
    now = datetime.now(UTC).date().isoformat()
    return {"schema": "cmpolicy.benchmarks/v1", "date": now, **machine, "tables": [table.as_json() for table in tables]}


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.machine()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure cmpolicy, and what it writes.")
    parser.add_argument("suite", nargs="*", choices=[[], *SUITES], help=f"{', '.join(SUITES)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=5, help="how often each command is measured (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--gatekeeper-library", type=Path, metavar="DIR", help="a clone, to compare its policies")
    parser.add_argument("--kyverno-policies", type=Path, metavar="DIR", help="a clone, to compare its policies")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
