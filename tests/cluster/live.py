"""Each way in which a cluster judges by what `build` writes."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from cmpolicy.ir import Rule
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import Options

from tests.cli.conftest import Result
from tests.cluster.api_server import Binary, Cluster, api_server
from tests.cluster.gatekeeper import gatekeeper
from tests.cluster.kinds import kinds_of, serve
from tests.cluster.kyverno import kyverno
from tests.cluster.objects import NEVER_STORED, cases, prepare
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client
from tests.cluster.shipped import QUICKLY, Document

ASK_SECONDS = 0.5
"""To ask of a hundred policies costs the server as much as to put one in force."""
Controller: TypeAlias = Callable[[Binary, Cluster, Path], AbstractContextManager[Cluster]]

STATUS: Mapping[str, str] = {
    "kyverno": "/apis/kyverno.io/v1/clusterpolicies",
    "kyverno-cel": "/apis/policies.kyverno.io/v1/validatingpolicies",
}
"""Where Kyverno tells of each policy whether it is in force; Gatekeeper tells it of constraints."""

ENFORCED = "/apis/status.gatekeeper.sh/v1beta1/constraintpodstatuses"

CANARY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: canary}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps], resourceNames: [canary]}
  validations: [{expression: "false"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: canary}
spec: {policyName: canary, validationActions: [Deny]}
"""
"""The API server says of no policy whether it is in force. It learns of them in their order: this is the last."""


def _by_itself(_binary: Binary, cluster: Cluster, _folder: Path) -> AbstractContextManager[Cluster]:
    return nullcontext(cluster)


@dataclass(frozen=True, slots=True)
class Way:
    """A target, whether what fails is blocked, and what judges by it: the API server where there is no controller."""

    name: str
    target: str
    enforce: bool = True
    controller: Controller = _by_itself
    applied: tuple[str, ...] = ()
    """Options of `kubectl apply`; users give none."""
    sample: int = 2
    """Every how many requests one is made, of those that are sampled. Each has all policies judged."""

    @property
    def options(self) -> Options:
        return Options(enforce=self.enforce)

    @property
    def is_installed(self) -> bool:
        """Whether it is installed and removed as users do it; what else is applied of the same target is left there."""
        return not self.applied


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        Way("vap", "vap"),
        Way("kyverno", "kyverno", controller=kyverno),
        Way("kyverno-cel", "kyverno-cel", controller=kyverno),
        Way("gatekeeper-cel", "gatekeeper", controller=gatekeeper),
        Way("vap-warn", "vap", enforce=False, applied=QUICKLY, sample=1),
        Way("gatekeeper-rego", "gatekeeper", controller=partial(gatekeeper, cel=False), applied=QUICKLY),
    )
}
"""Those that are removed as users do it come first: what a process asks last is taken down when the others are idle."""

OBJECTS: Mapping[str, tuple[str, ...]] = {
    "vap": ("validatingadmissionpolicies", "validatingadmissionpolicybindings"),
    "kyverno": ("clusterpolicies",),
    "kyverno-cel": ("validatingpolicies",),
    "gatekeeper": ("constrainttemplates", "constraints"),
}
"""What there is one of for each rule."""


LEFT: Mapping[str, tuple[str, ...]] = {
    **OBJECTS,
    "gatekeeper": ("constrainttemplates", "constrainttemplatepodstatuses", "constraintpodstatuses"),
}
"""What there is none of once all is deleted; the kinds of constraints are gone by then, and so are these."""


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
        prepare(Client.of(cluster), rules)
        with way.controller(binary, cluster, state):
            applied = tuple(apply(way, cluster, folder))
            found = Live(way, cluster, Client.of(cluster), folder, carried, applied)
            wait_until("every policy is in force", in_force(found), ASK_SECONDS)
            yield found


def in_force(judging: Live) -> Callable[[], bool]:
    """Asks whether every policy is in force."""
    if judging.way.target == "vap":
        canary = judging.folder.parent / "canary.yaml"
        canary.write_text(CANARY)
        judging.cluster.good("apply", "-f", canary)
        return lambda: judging.cluster("create", "--dry-run=server", "configmap", "canary").code != 0
    return lambda: are_ready(judging) and has_effect(judging)


def are_ready(judging: Live) -> bool:
    """Whether the policy of each rule is there, and its controller says that it is in force."""
    client, target = judging.client, judging.way.target
    if target == "gatekeeper" and enforced(client) < len(judging.rules):
        return False
    listed = client.constraints() if target == "gatekeeper" else client.listed(STATUS[target])
    found = {each["metadata"]["name"] for each in listed if _is_in_force(each)}
    return {rule.id for rule in judging.rules} <= found


def enforced(client: Client) -> int:
    """How many constraints Gatekeeper says are in force. It says so in objects of one kind first: all others are a hundred."""
    return sum(bool(each.get("status", {}).get("enforced")) for each in client.listed(ENFORCED))


def has_effect(judging: Live) -> bool:
    """A bad example of the last rule that can deny is denied."""
    blocking = [rule for rule in judging.rules if judging.way.options.blocks(rule) and rule.id not in NEVER_STORED]
    last = max(blocking, key=lambda rule: rule.id)
    bad = (case for case in cases([last]) if not case.is_good)
    return any(last.id in judging.client.create(case.kind, case.manifest).message for case in bad)


def _is_in_force(document: Document) -> bool:
    """Kyverno says that a policy is ready, Gatekeeper that a constraint is enforced."""
    status = document.get("status", {})
    conditions = [*status.get("conditions", ()), *status.get("conditionStatus", {}).get("conditions", ())]
    pods = status.get("byPod", ())
    return (
        bool(conditions or pods)
        and all(each["status"] == "True" for each in conditions)
        and all(each.get("enforced") for each in pods)
    )


def apply(way: Way, cluster: Cluster, folder: Path) -> Iterator[Result]:
    """Apply the folder by the commands that `build` suggests."""
    for command in TARGETS[way.target].usage:
        kubectl, verb, *words = shlex.split(command.format(folder=folder))
        assert kubectl == "kubectl"
        yield cluster(verb, *(way.applied if verb == "apply" else ()), *words)


def build(profiles: tuple[str, ...], way: Way, folder: Path) -> Path:
    """What `cmpolicy build` writes for the way's target, of the rules of these profiles."""
    options = [f"--target={way.target}", "--allow-gaps", *(f"--profile={each}" for each in profiles)]
    command = [sys.executable, "-m", "cmpolicy", "build", *options, *(["--enforce"] if way.enforce else [])]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "dist" / way.target


def remove(judging: Live) -> None:
    """Delete the folder's objects as users do."""
    judging.cluster.good("delete", "-k", judging.folder)


def remaining(judging: Live) -> list[str]:
    """What is there of what was applied, and of what controllers made of it."""
    there = [name for kind in LEFT[judging.way.target] for name in names(judging.cluster, kind)]
    made = ("clusterrole.rbac.authorization.k8s.io/cmpolicy:", ".constraints.gatekeeper.sh")
    others = (each for kind in ("clusterroles", "customresourcedefinitions") for each in names(judging.cluster, kind))
    return [each for each in there if not each.endswith("/canary")] + [
        each for each in others if each.startswith(made) or each.endswith(made)
    ]


def names(cluster: Cluster, kind: str) -> list[str]:
    """Every object of a kind, with the kind's own name."""
    return cluster.good("get", kind, "--all-namespaces", "--output=name").splitlines()
