"""cert-manager's chart as Helm renders it: exactly the failures that were measured on it, rule by rule.

The manifests are no part of the repository: `--manifests DIR` names a folder that has them in `cert-manager/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge, judge_example, kind_of
from cmpolicy.helm import all_values
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.values import Json, JsonMap
from jsonschema import validate

from tests.policies.packs import cert_manager
from tests.policies.packs import rule as rule_of

CONTROLLER, WEBHOOK, CAINJECTOR = "cert-manager", "cert-manager-webhook", "cert-manager-cainjector"
LONG_RUNNING = {CONTROLLER, WEBHOOK, CAINJECTOR}
EVERY = {*LONG_RUNNING, "cert-manager-startupapicheck"}

# What neither values file sets: nodes, resources, topology and DNS servers are the cluster's own.
ALWAYS: dict[str, set[str]] = {
    **dict.fromkeys(("cm-memory-limit", "cm-memory-request", "cm-cpu-limit", "cm-cpu-request"), EVERY),
    **dict.fromkeys(("cm-node-selector-reserved", "cm-tolerations-reserved"), EVERY),
    **dict.fromkeys(("cm-topology-spread-hostname", "cm-topology-spread-zone"), LONG_RUNNING),
    "cm-dns01-nameservers-pinned": {CONTROLLER},
}
# What the best-practice values say that they fix, as far as the default manifests hold an object to judge.
FIXED: dict[str, set[str]] = {
    **dict.fromkeys(("cm-pod-automount-disabled", "cm-priority-class", "cm-sa-automount-disabled"), EVERY),
    "cm-cainjector-namespace-scoped": {CAINJECTOR},
    "cm-cainjector-no-certificate-source": {CAINJECTOR},
    "cm-cainjector-replicas": {CAINJECTOR},
    "cm-controller-replicas": {CONTROLLER},
    "cm-webhook-replicas": {WEBHOOK},
    "cm-pdb-exists": LONG_RUNNING,
}
# No chart denies by default or admits a critical class. Its policies leave the startupapicheck out, and name no peers.
UNDENIED: dict[str, set[str]] = {f"cm-netpol-default-deny-{each}": {CONTROLLER} for each in ("ingress", "egress")}
COVERS = ("cm-netpol-covers-ingress", "cm-netpol-covers-egress")
UNCOVERED: dict[str, set[str]] = {**UNDENIED, **dict.fromkeys(COVERS, EVERY)}
DEFAULT: dict[str, set[str]] = {**ALWAYS, **FIXED, **UNCOVERED, "cm-pod-automount-effective": EVERY}
UNADMITTED: dict[str, set[str]] = {"cm-priority-quota-exists": EVERY}
COVERED: dict[str, set[str]] = {
    **UNDENIED,
    **dict.fromkeys(COVERS, EVERY - LONG_RUNNING),
    "cm-netpol-metrics-ingress": LONG_RUNNING,
}
# Judged only where the pods mount no token automatically: with default values there is nothing to check.
EXPLICIT_TOKENS = {
    "cm-token-expiry",
    "cm-token-mount-readonly",
    "cm-token-mounted",
    "cm-token-volume-mode",
    "cm-token-volume-present",
    "cm-token-volume-sources",
}
BUDGETS = {"cm-pdb-min-available", "cm-pdb-min-below-replicas", "cm-pdb-not-blocking", "cm-pdb-selector-scoped"}
NETWORK_POLICIES = {
    "cm-netpol-explicit-policytypes",
    "cm-netpol-no-allow-all-egress",
    "cm-netpol-no-allow-all-ingress",
    "cm-netpol-no-empty-selector-allow",
}
POLICIES = {f"{name}-allow-{direction}" for name in LONG_RUNNING for direction in ("ingress", "egress")}
# The chart's own policies say which ports are open, and to nobody in particular.
OPEN_POLICIES = {f"{name}-allow-ingress" for name in LONG_RUNNING}

FAILURES: dict[str, dict[str, set[str]]] = {
    "default.yaml": DEFAULT,
    "static.yaml": {rule_id: names & LONG_RUNNING for rule_id, names in DEFAULT.items()},
    "best-practice-seed.yaml": {**ALWAYS, **UNCOVERED, **UNADMITTED},
    "best-practice-current.yaml": {**ALWAYS, **COVERED, **UNADMITTED, "cm-netpol-no-allow-all-ingress": OPEN_POLICIES},
}
NOTHING_TO_CHECK: dict[str, set[str]] = {
    "default.yaml": {*EXPLICIT_TOKENS, *BUDGETS, *NETWORK_POLICIES},
    "static.yaml": {*EXPLICIT_TOKENS, *BUDGETS, *NETWORK_POLICIES},
    "best-practice-seed.yaml": NETWORK_POLICIES,
    "best-practice-current.yaml": set(),
}
# No file has a namespace, a node, a quota, an autoscaler, a Secret, a solver, or a workload of a tenant.
NEVER_CHECKED = {
    "cm-acmesolver-no-api-access",
    "cm-namespace-psa-enforce",
    "cm-netpol-acmesolver-ingress",
    "cm-no-hpa-on-leader-elected",
    "cm-no-legacy-token-secret",
    "cm-node-reserved-prefix",
    "cm-node-reserved-tainted",
    "cm-priority-quota-shape",
    "cm-tenant-critical-priority-denied",
    "cm-tenant-node-selector-denied",
    "cm-tenant-toleration-denied",
    "cm-webhook-hpa-floor",
}
OBJECTS = {"default.yaml": 44, "static.yaml": 40, "best-practice-seed.yaml": 47, "best-practice-current.yaml": 53}


@pytest.fixture(scope="module")
def folder(manifests_folder: Path) -> Path:
    """The folder of the rendered charts."""
    return manifests_folder / "cert-manager"


def objects(path: Path) -> list[JsonMap]:
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def judged(path: Path) -> Iterator[tuple[str, str, Verdict]]:
    """Rule, name of the object, verdict where all the others are known."""
    found = tuple(objects(path))
    for manifest in found:
        for rule in cert_manager().rules:
            if kind_of(rule, manifest) is not None:
                yield rule.id, name(manifest), judge_example(rule, ir.Example(manifest, found)).verdict


def name(manifest: JsonMap) -> str:
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict)
    return str(metadata["name"])


@pytest.mark.parametrize("file", sorted(FAILURES))
def test_exactly_the_measured_objects_fail(folder: Path, file: str) -> None:
    assert len(objects(folder / file)) == OBJECTS[file]
    failures: dict[str, set[str]] = {}
    for rule_id, name, verdict in judged(folder / file):
        if verdict is Verdict.FAIL:
            failures.setdefault(rule_id, set()).add(name)
    assert failures == FAILURES[file]


@pytest.mark.parametrize("file", sorted(FAILURES))
def test_every_other_rule_has_something_to_check(folder: Path, file: str) -> None:
    checked = {rule_id for rule_id, _, verdict in judged(folder / file) if verdict is not Verdict.SKIP}
    assert {rule.id for rule in cert_manager().rules} - checked == NOTHING_TO_CHECK[file] | NEVER_CHECKED


def test_each_network_policy_of_the_chart_is_checked(folder: Path) -> None:
    verdicts = judged(folder / "best-practice-current.yaml")
    found = {name: verdict for rule_id, name, verdict in verdicts if rule_id == "cm-netpol-explicit-policytypes"}
    assert {name for name, verdict in found.items() if verdict is Verdict.PASS} == POLICIES


def test_a_strict_check_asks_the_charts_policies_for_servers(folder: Path) -> None:
    strict = set_parameters(rule_of("cm-netpol-no-allow-all-egress"), {"strict": True})
    manifests = objects(folder / "best-practice-current.yaml")
    failing = {name(manifest) for manifest in manifests if judge(strict, manifest).verdict is Verdict.FAIL}
    assert failing == {f"{component}-allow-egress" for component in LONG_RUNNING}


@pytest.mark.parametrize("file", ["best-practice-seed.yaml", "best-practice-current.yaml"])
def test_an_install_with_the_pages_values_meets_the_profile_of_that_name(folder: Path, file: str) -> None:
    wanted = {rule.id for rule in cert_manager().rules if "best-practice" in rule.about.profiles}
    verdicts = [(rule_id, verdict) for rule_id, _, verdict in judged(folder / file) if rule_id in wanted]
    assert {rule_id for rule_id, verdict in verdicts if verdict is Verdict.PASS} == wanted
    assert not [rule_id for rule_id, verdict in verdicts if verdict is Verdict.FAIL]


def test_what_the_pages_values_fix_is_in_the_profile_of_that_name() -> None:
    wanted = {rule.id for rule in cert_manager().rules if "best-practice" in rule.about.profiles}
    assert set(FIXED) <= wanted
    assert not set(ALWAYS) & wanted


@pytest.mark.parametrize("rule_id", sorted(rule.id for rule in cert_manager().rules if rule.about.helm_values))
def test_the_chart_takes_the_values_that_fix_a_failure(folder: Path, rule_id: str) -> None:
    schema = json.loads((folder / "values.chart-schema.json").read_text(encoding="utf-8"))
    validate(nested(all_values(rule_of(rule_id))), schema)


def nested(dotted: JsonMap) -> dict[str, Json]:
    """`{"a.b": 1}  ->  {"a": {"b": 1}}`"""
    values: dict[str, Json] = {}
    for path, value in dotted.items():
        *parents, last = path.split(".")
        inner = values
        for parent in parents:
            below = inner.setdefault(parent, {})
            assert isinstance(below, dict)
            inner = below
        inner[last] = value
    return values
