"""`check` beside the command lines of engines and of conftest, on the same Pods and by equivalent rules.

They must find equally many failures, else there is nothing to compare. Kyverno gets a tenth of the Pods, and what it takes
is multiplied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import BenchmarkError, Command, Cost, run
from benchmarks.tables import Figure, Goal, Table
from benchmarks.workshop import CMPOLICY, FOUND, HERE, RULES, Workshop
from tests.engines.build import ENGINES, Engine, build

CONFTEST = Engine(
    "conftest", "github.com/open-policy-agent/conftest", "conftest", minutes=2, module=str(HERE / "conftest")
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A command that judges Pods, and how to count the failures in what it prints."""

    name: str
    command: Command
    count: Callable[[str], int]
    scale: int = 1


def beside_others(workshop: Workshop) -> Iterator[Table]:
    """One run of each, since they take long, after one of cmpolicy to warm up."""
    costs = {peer.name: _judged(peer, workshop) for peer in _peers(workshop)}
    check = costs["cmpolicy check"]
    rows: list[tuple[Figure, ...]] = [
        (name, cost.cpu, cost.wall, cost.peak, cost.cpu / check.cpu) for name, cost in costs.items()
    ]
    fastest = min(cost.cpu for name, cost in costs.items() if name.startswith("gator"))
    yield Table(
        f"1,000 Pods by {len(RULES)} rules",
        ("command", "CPU s", "wall s", "peak MiB", "times cmpolicy check"),
        rows,
        {"times faster than `gator test`": Goal(fastest / check.cpu, 10, at_least=True)},
        ["kyverno apply: measured on 100 Pods, start-up and all, and multiplied by 10"],
    )


def _judged(peer: Peer, workshop: Workshop) -> Cost:
    print(f"  {peer.name}", flush=True)
    rounds = workshop.rounds if peer.name.startswith("cmpolicy") else 1
    runs = [run(peer.command, workshop.folder, FOUND) for _ in range(rounds)]
    cost, printed = min(runs, key=lambda each: each[0].cpu)
    found, wanted = peer.count(printed), _failures(workshop, 1_000 // peer.scale)
    if found != wanted:
        raise BenchmarkError(f"{peer.name} found {found} failures where cmpolicy finds {wanted}")
    return Cost(cost.user * peer.scale, cost.system * peer.scale, cost.wall * peer.scale, cost.peak)


def _failures(workshop: Workshop, number: int) -> int:
    command: Command = [*CMPOLICY, "check", "--output", "json", "--pack", workshop.pack(), workshop.pods(number)]
    return int(json.loads(run(command, workshop.folder, FOUND)[1])["summary"]["fail"])


def _peers(workshop: Workshop) -> Iterator[Peer]:
    pods, tenth, bundle = workshop.pods(1_000), workshop.pods(100), workshop.bundle()
    check: Command = [*CMPOLICY, "check", "--output", "json", "--pack", workshop.pack(), pods]
    yield Peer("cmpolicy check", check, lambda printed: int(json.loads(printed)["summary"]["fail"]))
    conftest: Command = [build(CONFTEST), "test", "--output", "json", "--policy", workshop.rego(), pods]
    yield Peer("conftest test", conftest, _count_messages)
    gator = build(ENGINES["gator"])
    for name, cel in (("gator test, Rego", "false"), ("gator test, CEL", "true")):
        yield Peer(name, _gator(gator, bundle, pods, cel), lambda printed: len(json.loads(printed)))
    kyverno = build(ENGINES["kyverno"])
    for name, target in (("ClusterPolicy", "kyverno"), ("ValidatingPolicy", "kyverno-cel")):
        command: Command = [kyverno, "apply", bundle / target / "policies", "--resource", tenth]
        yield Peer(f"kyverno apply, {name}", command, _count_summary, scale=10)


def _gator(gator: Path, bundle: Path, pods: Path, cel: str) -> Command:
    files = (bundle / "gatekeeper" / "templates", bundle / "gatekeeper" / "constraints", pods)
    flags = ("--output", "json", f"--enable-k8s-native-validation={cel}")
    return [gator, "test", *flags, *(f"--filename={file}" for file in files)]


def _count_messages(printed: str) -> int:
    return sum(len(result.get("failures", ())) for result in json.loads(printed))


def _count_summary(printed: str) -> int:
    found = re.search(r"fail: ([0-9]+)", printed)
    return int(found[1]) if found else -1
