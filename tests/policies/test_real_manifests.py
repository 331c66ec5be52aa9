"""cert-manager's chart as Helm renders it: exactly the failures that were measured on it, rule by rule.

The manifests are no part of the repository: `--manifests DIR` names a folder that has them in `cert-manager/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.helm import all_values
from cmpolicy.values import Json, JsonMap
from jsonschema import validate

from tests.policies.packs import cert_manager

CONTROLLER, WEBHOOK, CAINJECTOR = "cert-manager", "cert-manager-webhook", "cert-manager-cainjector"
LONG_RUNNING = {CONTROLLER, WEBHOOK, CAINJECTOR}
EVERY = {*LONG_RUNNING, "cert-manager-startupapicheck"}

# What neither values file sets: nodes and resources are the cluster's own.
ALWAYS = ("cm-memory-limit", "cm-memory-request", "cm-node-selector-reserved", "cm-tolerations-reserved")
# What the best-practice values say that they fix, as far as the default manifests hold an object to judge.
FIXED_EVERYWHERE = ("cm-pod-automount-disabled", "cm-priority-class", "cm-sa-automount-disabled")
FIXED = {
    "cm-cainjector-namespace-scoped": {CAINJECTOR},
    "cm-cainjector-replicas": {CAINJECTOR},
    "cm-controller-replicas": {CONTROLLER},
    "cm-webhook-replicas": {WEBHOOK},
}
# Judged only where the pods mount no token automatically: with default values there is nothing to check.
EXPLICIT_TOKENS = (
    "cm-token-expiry",
    "cm-token-mount-readonly",
    "cm-token-mounted",
    "cm-token-volume-mode",
    "cm-token-volume-present",
    "cm-token-volume-sources",
)
BUDGETS = ("cm-pdb-min-available", "cm-pdb-not-blocking")
POLICIES = {f"{name}-allow-{direction}" for name in LONG_RUNNING for direction in ("ingress", "egress")}

FAILURES: dict[str, dict[str, set[str]]] = {
    "default.yaml": {**dict.fromkeys((*ALWAYS, *FIXED_EVERYWHERE), EVERY), **FIXED},
    "static.yaml": {**dict.fromkeys((*ALWAYS, *FIXED_EVERYWHERE), LONG_RUNNING), **FIXED},
    "best-practice-seed.yaml": dict.fromkeys(ALWAYS, EVERY),
    "best-practice-current.yaml": dict.fromkeys(ALWAYS, EVERY),
}
NOTHING_TO_CHECK: dict[str, set[str]] = {
    "default.yaml": {*EXPLICIT_TOKENS, *BUDGETS, "cm-netpol-explicit-policytypes"},
    "static.yaml": {*EXPLICIT_TOKENS, *BUDGETS, "cm-netpol-explicit-policytypes"},
    "best-practice-seed.yaml": {"cm-netpol-explicit-policytypes"},
    "best-practice-current.yaml": set(),
}
# No file has a quota, or a workload of a tenant.
NEVER_CHECKED = {"cm-priority-quota-shape", "cm-tenant-toleration-denied"}
OBJECTS = {"default.yaml": 44, "static.yaml": 40, "best-practice-seed.yaml": 47, "best-practice-current.yaml": 53}


@pytest.fixture(scope="module")
def folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the rendered charts."""
    manifests: Path | None = pytestconfig.getoption("--manifests")
    if manifests is None:
        pytest.skip("no real manifests: name their folder with --manifests DIR")
    return manifests / "cert-manager"


def objects(path: Path) -> list[JsonMap]:
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def judged(path: Path) -> Iterator[tuple[str, str, Verdict]]:
    """Rule, name of the object, verdict."""
    for manifest in objects(path):
        metadata = manifest["metadata"]
        assert isinstance(metadata, dict)
        for rule in cert_manager().rules:
            yield rule.id, metadata["name"], judge(rule, manifest).verdict


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


@pytest.mark.parametrize("rule_id", sorted(rule.id for rule in cert_manager().rules if rule.about.helm_values))
def test_the_chart_takes_the_values_that_fix_a_failure(folder: Path, rule_id: str) -> None:
    schema = json.loads((folder / "values.chart-schema.json").read_text(encoding="utf-8"))
    rule = next(each for each in cert_manager().rules if each.id == rule_id)
    validate(nested(all_values(rule)), schema)


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
