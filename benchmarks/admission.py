"""What policies add to a request to a real API server: milliseconds of the clock for the one who asks.

For each way to judge a server and its controller start once. Policies come and go on it in turns: none, those of ours that
have a partner in the engine's own library, the partners, and at the end the whole catalogue. Asked is what would come of
creating a Pod that all of them look at and let pass, and of creating cert-manager's webhook. The Pod of the partners is the
same, so that what it costs beyond no policies can be held against ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from cmpolicy.ir import Kind, Rule
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import JsonMap

from benchmarks.inputs import SEED, Maker
from benchmarks.installed import POD, PolicySet, bad_pod, catalogue, install, ours, remove, theirs
from benchmarks.measure import BenchmarkError
from benchmarks.tables import Figure, Table
from benchmarks.workshop import HERE, Workshop
from tests.cluster.api_server import api_server
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.live import WAYS, Way
from tests.cluster.objects import cases, make_classes, make_namespaces
from tests.cluster.processes import NotReady, wait_until
from tests.cluster.requests import Client
from tests.cluster.shipped import apply, documents
from tests.engines.build import ENGINES, build

NAMES = ("vap", "gatekeeper-cel", "gatekeeper-rego", "kyverno", "kyverno-cel")
LIBRARY_OF = {"vap": "gatekeeper-cel"}
"""The way whose library stands beside ours where the engine has none of its own."""
NOTHING, OURS, THEIRS, CATALOGUE = "no policies", "ours", "the library's", "the catalogue"
POD_NAME, WEBHOOK_NAME = "Pod", "Deployment of the webhook"
DEPLOYMENT = Kind("apps", "v1", "Deployment", "deployments", namespaced=True)
TURNS = 2
"""How often the sets take turns: to change them takes longer than to measure them."""
REQUESTS = 40
"""How many requests a round has."""
WARMING_UP = 3
WEBHOOK = HERE / "webhook.yaml"
"""The Deployment, and then what rules look for beside it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An object that is asked about."""

    name: str
    kind: Kind
    manifest: JsonMap


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds of requests by the set of policies and the object, and how many policies each set has."""

    way: str
    policies: Mapping[str, int]
    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, policies: str, times: Mapping[str, Sequence[float]]) -> None:
        """Take in what one turn measured."""
        for subject, found in times.items():
            self.times.setdefault((policies, subject), []).extend(found)

    def beyond_nothing(self, policies: str, subject: str = POD_NAME) -> float:
        """What the policies add to the median request."""
        return median(self.times[policies, subject]) - median(self.times[NOTHING, subject])


def admission(workshop: Workshop) -> Iterator[Table]:
    """Requests in each way, and the ratios of ours to the libraries'."""
    found: list[Found] = []
    try:
        for name in NAMES:
            found.append(_measured(WAYS[name], workshop))
            yield latencies(found[-1])
    except NotReady as error:
        raise BenchmarkError(str(error)) from error
    yield ratios(found)


def latencies(found: Found) -> Table:
    """How long a request took by what was in force."""
    columns = ("in force", "policies", "created", "median ms", "95 % ms", "beyond no policies ms")
    return Table(f"A request to a real API server, {found.way}", columns, list(_latency_rows(found)))


def _latency_rows(found: Found) -> Iterator[tuple[Figure, ...]]:
    for (policies, subject), times in found.times.items():
        beyond = None if policies == NOTHING else found.beyond_nothing(policies, subject)
        yield policies, found.policies[policies], subject, median(times), slowest(times), beyond


def slowest(times: Sequence[float]) -> float:
    """What 95 of 100 requests take at most."""
    return quantiles(times, n=20, method="inclusive")[-1]


def ratios(found: Sequence[Found]) -> Table:
    """What ours add to a request against what the library's add, with as many policies for the same advice."""
    by_way = {each.way: each for each in found}
    rows = [_ratio_row(each, by_way) for each in found]
    columns = (
        "asked through",
        "policies",
        "ours ms",
        "library",
        "its ms",
        "ratio",
        "catalogue",
        "its ms on the webhook",
    )
    return Table("What policies add to a request, beside the engines' own libraries", columns, rows)


def _ratio_row(found: Found, by_way: Mapping[str, Found]) -> tuple[Figure, ...]:
    other = by_way[LIBRARY_OF.get(found.way, found.way)]
    own = found.beyond_nothing(OURS)
    its = other.beyond_nothing(THEIRS) if THEIRS in other.policies else None
    ratio = None if its is None else own / its
    all_of_it = found.beyond_nothing(CATALOGUE, WEBHOOK_NAME)
    return found.way, found.policies[OURS], own, other.way, its, ratio, found.policies[CATALOGUE], all_of_it


def _measured(way: Way, workshop: Workshop) -> Found:
    print(f"  {way.name}", flush=True)
    rules = tuple(rule for rule in load_packs(built_in_packs()).rules if not rule.is_local)
    partners, everything = theirs(workshop, way), catalogue(workshop, way, rules)
    sets = {OURS: ours(workshop, way), **({THEIRS: partners} if partners else {})}
    sizes = {name: len(each.policies) for name, each in {**sets, CATALOGUE: everything}.items()}
    found, number = Found(way.name, {NOTHING: 0, **sizes}), workshop.rounds * REQUESTS
    with _server(way, workshop.fresh(f"cluster-{way.name}"), rules) as client:
        for turn in range(TURNS):
            _take_turns(way, client, list(sets.items())[:: -1 if turn % 2 else 1], found, number)
        install(way, client.cluster, client, everything)
        found.add(CATALOGUE, _timed(client, [_pod(), _webhook()], number // 2))
    return found


def _take_turns(way: Way, client: Client, sets: Iterable[tuple[str, PolicySet]], found: Found, number: int) -> None:
    for name, policies in sets:
        found.add(NOTHING, _timed(client, [_pod(), _webhook()], number))
        install(way, client.cluster, client, policies)
        found.add(name, _timed(client, [_pod()], number))
        remove(client.cluster, client, policies)


def _timed(client: Client, subjects: Sequence[Subject], number: int) -> Mapping[str, Sequence[float]]:
    """Milliseconds of so many requests on each object, which take turns."""
    for subject in subjects:
        wait_until(f"{subject.name} is let pass", partial(_is_taken, client, subject))
    times: dict[str, list[float]] = {subject.name: [] for subject in subjects}
    for subject in [*subjects] * (WARMING_UP + number):
        times[subject.name].append(_milliseconds(client, subject))
    return {name: found[WARMING_UP:] for name, found in times.items()}


def _is_taken(client: Client, subject: Subject) -> bool:
    return client.create(subject.kind, subject.manifest).is_taken


def _milliseconds(client: Client, subject: Subject) -> float:
    started = time.perf_counter()
    answer = client.create(subject.kind, subject.manifest)
    spent = time.perf_counter() - started
    if not answer.is_taken:
        raise BenchmarkError(f"{subject.name} is denied: {answer.message}")
    return spent * 1000


@contextmanager
def _server(way: Way, folder: Path, rules: Iterable[Rule]) -> Iterator[Client]:
    """A server without policies, with what the objects need to be taken and rules look up."""
    with api_server(_binary, folder) as cluster:
        serve(cluster, kinds_of(rules))
        client = Client.of(cluster)
        manifests = [_pod().manifest, bad_pod(), _webhook().manifest, *(case.manifest for case in cases(rules))]
        make_namespaces(client, manifests)
        make_classes(client, manifests)
        apply(cluster, documents(WEBHOOK)[1:])
        with way.controller(_binary, cluster, folder):
            yield client


def _binary(name: str) -> Path:
    return build(ENGINES[name])


def _pod() -> Subject:
    """A Pod without a defect."""
    (pod,) = Maker(SEED, defects=0).pods(1)
    return Subject(POD_NAME, POD, pod)


def _webhook() -> Subject:
    return Subject(WEBHOOK_NAME, DEPLOYMENT, documents(WEBHOOK)[0])
