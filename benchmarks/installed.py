"""Policies that come into a cluster, ours and those of the engines' own libraries, and that go again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

from cmpolicy.ir import Kind, Rule
from cmpolicy.targets import load_target
from cmpolicy.values import JsonMap

from benchmarks.inputs import SEED, Maker
from benchmarks.libraries import PARTNERS, library
from benchmarks.measure import BenchmarkError
from benchmarks.workshop import Workshop
from tests.cli.conftest import Result
from tests.cluster.api_server import Cluster
from tests.cluster.live import CANARY, Live, Way, apply, build, has_effect, in_force
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client
from tests.cluster.shipped import Document, documents

POD = Kind("", "v1", "Pod", "pods", namespaced=True)
RULES = {"vap": PARTNERS["gatekeeper-cel"], **PARTNERS}
"""The rules that are measured by the way to ask. Where there is no library, those that Gatekeeper's has in CEL."""
TRIES = 4
CEL_ENGINE = "K8sNativeValidation"
REGISTRY = "eu.foo.io/", "registry.example.com/"
"""What Kyverno's policy wants of images, and what the Pods have."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies in a folder with a kustomization, and their names."""

    folder: Path
    policies: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    """Those of the catalogue: whether it is in force its rules' examples tell."""


def bad_pod() -> JsonMap:
    """A Pod that every policy denies which stands beside another."""
    (pod,) = Maker(SEED, defects=1).pods(1)
    metadata: Any = pod["metadata"]
    spec: Any = pod["spec"]
    unlabeled = {name: value for name, value in metadata.items() if name != "labels"}
    unlimited = [{name: value for name, value in each.items() if name != "resources"} for each in spec["containers"]]
    context = {"seccompProfile": {"type": "Unconfined"}}
    return {
        **pod,
        "metadata": unlabeled,
        "spec": {**spec, "containers": unlimited, "hostPID": True, "securityContext": context},
    }


def ours(workshop: Workshop, way: Way) -> PolicySet:
    """The rules that have a partner, built to block."""
    rules = RULES[way.name]
    chosen = [word for rule in rules for word in ("--rule", rule)]
    bundle = workshop.pods_only(f"ours-{way.name}", "--enforce", "--target", way.target, *chosen)
    return PolicySet(bundle / way.target, rules)


def theirs(workshop: Workshop, way: Way) -> PolicySet | None:
    """Their partners in the engine's own library, made to block; None without a clone of it."""
    found = library(workshop, way.name)
    if found is None:
        return None
    folder = found.folder / way.target
    paths = sorted(path for path in folder.rglob("*.yaml") if path.name != "kustomization.yaml")
    for path in paths:
        (document,) = documents(path)
        path.write_text(json.dumps(blocking(document)).replace(*REGISTRY))
    resources = [str(path.relative_to(folder)) for path in paths]
    (folder / "kustomization.yaml").write_text(json.dumps({"resources": resources}))
    return PolicySet(folder, tuple(found.by_rule.values()))


def blocking(document: Document) -> Document:
    """A library's object so that the webhook answers and denies: what only reports is judged after the answer, if at all."""
    spec = document["spec"]
    match document["kind"]:
        case "ClusterPolicy":
            return {**document, "spec": {**spec, "validationFailureAction": "Enforce"}}
        case "ValidatingPolicy":
            return {**document, "spec": {**spec, "validationActions": ["Deny"]}}
        case "ConstraintTemplate":
            return {**document, "spec": {**spec, "targets": [_in_the_webhook(each) for each in spec["targets"]]}}
        case _:
            return document


def _in_the_webhook(target: Document) -> Document:
    """Gatekeeper makes a ValidatingAdmissionPolicy of CEL as well, unless told not to; ours tell it so."""
    codes = [
        {**code, "source": {**code["source"], "generateVAP": False}} if code["engine"] == CEL_ENGINE else code
        for code in target.get("code", ())
    ]
    return {**target, "code": codes} if codes else target


def catalogue(workshop: Workshop, way: Way, rules: Iterable[Rule]) -> PolicySet:
    """Every rule that the target carries."""
    rules = tuple(rules)
    carried = tuple(rule for rule in rules if load_target(way.target).gap(rule) is None)
    profiles = tuple(sorted({profile for rule in rules for profile in rule.about.profiles}))
    folder = build(profiles, way, workshop.fresh(f"catalogue-{way.name}"))
    return PolicySet(folder, tuple(rule.id for rule in carried), carried)


def install(way: Way, cluster: Cluster, client: Client, policies: PolicySet) -> None:
    """Apply the policies and wait until all of them judge."""
    applied = _applied(way, cluster, policies.folder)
    failed = [result.err for result in applied if result.code]
    if failed:
        raise BenchmarkError(f"kubectl apply: {failed}")
    judging = Live(way, cluster, client, policies.folder, policies.rules, applied)
    if way.target == "vap" or policies.rules:
        # Kyverno's status is of its reports as well, for which the rights may come late.
        by_effect = way.target.startswith("kyverno")
        wait_until("every policy is in force", partial(has_effect, judging) if by_effect else in_force(judging))
    if not policies.rules:
        wait_until("a bad Pod is denied", partial(_is_denied, way, client, policies))


def _applied(way: Way, cluster: Cluster, folder: Path) -> tuple[Result, ...]:
    """Apply a folder; a hundred policies may take longer on a busy machine than kubectl is waited for, so go on then."""
    for _ in range(TRIES):
        with suppress(TimeoutExpired):
            return tuple(apply(way, cluster, folder))
    raise BenchmarkError(f"`kubectl apply` of {folder.name} takes too long")


def _is_denied(way: Way, client: Client, policies: PolicySet) -> bool:
    """Whether every policy denies a Pod; the API server itself names the first alone."""
    message = client.create(POD, bad_pod()).message
    return (any if way.target == "vap" else all)(name in message for name in policies.policies)


def remove(cluster: Cluster, client: Client, policies: PolicySet) -> None:
    """Delete the policies and wait until none of them judges."""
    cluster("delete", "--ignore-not-found", "-f", "-", given=CANARY)
    cluster("delete", "--ignore-not-found", "-k", policies.folder)
    wait_until("no policy is in force", lambda: client.create(POD, bad_pod()).is_taken)
    _collect_garbage(cluster)


def _collect_garbage(cluster: Cluster) -> None:
    """Gatekeeper leaves the kinds of its constraints to Kubernetes' garbage collector, which does not run here."""
    names = cluster.good("get", "crd", "-o", "name").split()
    kinds = [name for name in names if name.endswith(".constraints.gatekeeper.sh")]
    if kinds:
        cluster.good("delete", *kinds)
