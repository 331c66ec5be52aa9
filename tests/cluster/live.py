"""Each way in which a cluster judges by what `build` writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from cmpolicy.ir import Rule
from cmpolicy.targets import load_target
from cmpolicy.targets.protocol import Options

from tests.cli.conftest import Result
from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.gatekeeper import gatekeeper
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.kyverno import kyverno
from tests.cluster.requests import Client

Controller: TypeAlias = Callable[[Binary, Cluster, Path], AbstractContextManager[Cluster]]
TEMPLATES_ARE_READY = (
    "wait",
    "--for=jsonpath={.status.created}=true",
    "--timeout=120s",
    "constrainttemplates",
    "--all",
)


def _by_itself(_binary: Binary, cluster: Cluster, _folder: Path) -> AbstractContextManager[Cluster]:
    return nullcontext(cluster)


@dataclass(frozen=True, slots=True)
class Way:
    """A target, whether what fails is blocked, and what judges by it: the API server where there is no controller."""

    name: str
    target: str
    enforce: bool = True
    controller: Controller = _by_itself

    @property
    def options(self) -> Options:
        return Options(enforce=self.enforce)


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        Way("vap", "vap"),
        Way("vap-warn", "vap", enforce=False),
        Way("kyverno", "kyverno", controller=kyverno),
        Way("kyverno-cel", "kyverno-cel", controller=kyverno),
        Way("gatekeeper-cel", "gatekeeper", controller=gatekeeper),
        Way("gatekeeper-rego", "gatekeeper", controller=partial(gatekeeper, cel=False)),
    )
}


@dataclass(frozen=True, slots=True)
class Live:
    """A cluster that judges by a target's folder, the rules that it carries, and what applying it printed each time."""

    way: Way
    cluster: Cluster
    client: Client
    folder: Path
    rules: tuple[Rule, ...]
    applied: tuple[Result, ...]


@contextmanager
def live(way: Way, rules: tuple[Rule, ...], folder: Path, binary: Binary, state: Path) -> Iterator[Live]:
    """Start a cluster, apply the target's folder as its documents say, and wait until everything judges."""
    carried = tuple(rule for rule in rules if load_target(way.target).gap(rule) is None)
    with api_server(binary, state) as cluster:
        serve(cluster, kinds_of(rules))
        with way.controller(binary, cluster, state):
            applied = tuple(apply(way, cluster, folder))
            found = Live(way, cluster, Client.of(cluster), folder, carried, applied)
            yield found


def apply(way: Way, cluster: Cluster, folder: Path) -> Iterator[Result]:
    """Apply the folder; constraints only once their kinds are there."""
    if way.target == "gatekeeper":
        yield cluster("apply", "-f", folder / "templates")
        cluster.good(*TEMPLATES_ARE_READY)
    yield cluster("apply", "-k", folder)


def build(profiles: tuple[str, ...], way: Way, folder: Path) -> Path:
    """What `cmpolicy build` writes for the way's target, of the rules of these profiles."""
    options = [f"--target={way.target}", "--allow-gaps", *(f"--profile={each}" for each in profiles)]
    command = [sys.executable, "-m", "cmpolicy", "build", *options, *(["--enforce"] if way.enforce else [])]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "dist" / way.target
