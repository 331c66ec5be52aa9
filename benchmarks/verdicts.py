"""What one verdict of an emitted policy costs in each engine, by the runners of `tests/engines/runners.py`.

An engine loads its policies once and is asked about the same Pods for each of them. Counted is the processor time of the
runner from the first request to the last answer, so what reading a request costs is in it, the same for every policy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean, median

from cmpolicy.evaluate import Verdict
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import JsonMap

from benchmarks.inputs import Maker
from benchmarks.measure import BenchmarkError, run
from benchmarks.tables import Figure, Table
from benchmarks.workshop import CMPOLICY, Workshop
from tests.engines.build import ENGINES, build
from tests.engines.runners import WAYS, Request, Runner

NAMES = ("vap", "gatekeeper-cel", "gatekeeper-rego", "kyverno", "kyverno-cel", "datree")
"""The ways to ask that are measured."""
REQUESTS = 600
"""How many Pods each policy is asked about."""
LOTS = 10


def per_engine(workshop: Workshop) -> Iterator[Table]:
    """The cost of a verdict in every engine: the mean over the rules, and the cheapest and the dearest rule."""
    rows: list[tuple[Figure, ...]] = []
    for name in NAMES:
        costs = verdict_costs(name, workshop.bundle())
        cheapest, dearest = min(costs, key=costs.__getitem__), max(costs, key=costs.__getitem__)
        rows.append((name, mean(costs.values()), costs[cheapest], costs[dearest], dearest))
    columns = ("asked through", "mean µs", "cheapest µs", "dearest µs", "dearest rule")
    yield Table("One verdict on one Pod, by engine", columns, rows)


def kyverno_admission(workshop: Workshop) -> Iterator[Table]:
    """What Kyverno spends on one Deployment by the built-in rules: a ClusterPolicy is compiled for each request."""
    out = workshop.folder / "built-in"
    run([*CMPOLICY, "build", "--target", "kyverno", "--target", "kyverno-cel", "--out", out], workshop.folder)
    rules = load_packs(built_in_packs()).rules
    (example,) = (rule.about.good[0].object for rule in rules if rule.id == "cm-webhook-replicas")
    found = {name: verdict_costs(name, out, [example]) for name in ("kyverno", "kyverno-cel")}
    rows: list[tuple[Figure, ...]] = [
        (name, len(costs), mean(costs.values()) / 1000, sum(costs.values()) / 1000) for name, costs in found.items()
    ]
    columns = ("target", "policies", "ms for one policy, mean", "ms for all policies on the Deployment")
    yield Table("Kyverno, one Deployment of cert-manager's webhook", columns, rows)


def verdict_costs(name: str, bundle: Path, objects: Sequence[JsonMap] = ()) -> Mapping[str, float]:
    """Microseconds of a verdict by policy. Each policy is asked about these objects, over and over.

    Raises `BenchmarkError` for a policy that ends in an error.
    """
    print(f"  {name}", flush=True)
    way = WAYS[name]
    asked = list(objects) or list(Maker().pods(REQUESTS))
    with Runner(way, build(ENGINES[way.binary])) as runner:
        policies = runner.load(bundle)
        return {policy: _cost(runner, policy, (asked * REQUESTS)[:REQUESTS]) for policy in policies}


def costs_in_turn(
    name: str, own: Path, library: Path, by_rule: Mapping[str, str]
) -> Mapping[str, tuple[float, float, float]]:
    """Microseconds of a verdict of each of our rules and of the library's policy beside it, which may err, and their ratio.

    Both are asked about the same Pods, one lot each in turn, so that a machine that slows down does so for both.
    """
    print(f"  {name}", flush=True)
    way, objects = WAYS[name], list(Maker().pods(REQUESTS))
    program = build(ENGINES[way.binary])
    with Runner(way, program) as ours, Runner(way, program) as theirs:
        ours.load(own)
        theirs.load(library)
        return {rule: _in_turn((ours, rule), (theirs, policy), objects) for rule, policy in by_rule.items()}


def _in_turn(
    own: tuple[Runner, str], library: tuple[Runner, str], objects: Sequence[JsonMap]
) -> tuple[float, float, float]:
    costs = [
        (_lot_cost(own[0], one, may_err=False), _lot_cost(library[0], other, may_err=True))
        for one, other in zip(_lots(own[1], objects), _lots(library[1], objects), strict=True)
    ]
    ours, theirs = zip(*costs, strict=True)
    return median(ours), median(theirs), median(one / other for one, other in costs)


def _cost(runner: Runner, policy: str, objects: Sequence[JsonMap]) -> float:
    """The median over lots: garbage of one is collected in another."""
    return median(_lot_cost(runner, lot, may_err=False) for lot in _lots(policy, objects))


def _lots(policy: str, objects: Sequence[JsonMap]) -> list[list[Request]]:
    size = max(len(objects) // LOTS, 1)
    return [[Request(policy, each) for each in objects[start : start + size]] for start in range(0, len(objects), size)]


def _lot_cost(runner: Runner, requests: Sequence[Request], may_err: bool) -> float:
    before = processor_seconds(runner)
    answers = runner.ask(requests)
    spent = processor_seconds(runner) - before
    errors = [answer for answer in answers if answer.verdict is Verdict.ERROR]
    if errors and not may_err:
        raise BenchmarkError(f"`{requests[0].rule}` ends in an error: {errors[0].message}")
    return spent / len(requests) * 1e6


def processor_seconds(runner: Runner) -> float:
    """What a running program has used of all processors; Linux tells it by a clock of the process's own."""
    return time.clock_gettime(~runner._process.pid << 3 | 2)
