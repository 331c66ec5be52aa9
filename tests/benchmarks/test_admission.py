"""The arithmetic of the benchmark of admission, and what it changes in the libraries' policies; nothing here is timed."""

from __future__ import annotations

from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.evaluate.known import inventory
from cmpolicy.load import built_in_packs, load_packs

from benchmarks.admission import CATALOGUE, NOTHING, OURS, POD_NAME, THEIRS, WEBHOOK, WEBHOOK_NAME, Found, ratios
from benchmarks.admission import latencies as latency_table
from benchmarks.installed import blocking
from tests.cluster.shipped import documents


def found(way: str, ours: float, theirs: float | None) -> Found:
    """Requests that take 2 ms without policies, and so much more with them."""
    policies = {NOTHING: 0, OURS: 3, CATALOGUE: 9, **({} if theirs is None else {THEIRS: 3})}
    result = Found(way, policies)
    result.add(NOTHING, {POD_NAME: [2.0] * 3, WEBHOOK_NAME: [4.0] * 3})
    result.add(OURS, {POD_NAME: [2 + ours, 2 + ours, 90.0]})
    if theirs is not None:
        result.add(THEIRS, {POD_NAME: [2 + theirs] * 3})
    result.add(CATALOGUE, {POD_NAME: [3.0] * 3, WEBHOOK_NAME: [14.0] * 3})
    return result


def test_ratios_are_of_what_policies_add_and_not_of_whole_requests() -> None:
    table = ratios([found("kyverno-cel", 1.0, 4.0)])
    assert table.rows == [("kyverno-cel", 3, 1.0, "kyverno-cel", 4.0, 0.25, 9, 10.0)]


def test_a_target_without_a_library_stands_beside_gatekeepers() -> None:
    (own, _) = ratios([found("vap", 1.0, None), found("gatekeeper-cel", 3.0, 2.0)]).rows
    assert own[:6] == ("vap", 3, 1.0, "gatekeeper-cel", 2.0, 0.5)


def test_without_a_clone_there_is_no_ratio() -> None:
    (row,) = ratios([found("kyverno", 1.0, None)]).rows
    assert row[3:6] == ("kyverno", None, None)


def test_turns_are_measured_together() -> None:
    twice = found("vap", 1.0, None)
    twice.add(NOTHING, {POD_NAME: [1.0, 1.0, 1.0, 1.0]})
    rows = {(row[0], row[2]): row[3:] for row in latency_table(twice).rows}
    assert rows[NOTHING, POD_NAME] == (1.0, 2.0, None)
    assert rows[OURS, POD_NAME][0] == 3.0
    assert rows[OURS, POD_NAME][2] == 2.0


@pytest.mark.parametrize(
    ("kind", "spec", "wanted"),
    [
        ("ClusterPolicy", {"validationFailureAction": "Audit"}, {"validationFailureAction": "Enforce"}),
        ("ValidatingPolicy", {"validationActions": ["Audit"]}, {"validationActions": ["Deny"]}),
        ("K8sOne", {"match": {}}, {"match": {}}),
    ],
)
def test_a_librarys_policy_blocks(kind: str, spec: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert blocking({"kind": kind, "spec": spec}) == {"kind": kind, "spec": wanted}


def test_gatekeeper_judges_a_librarys_cel_in_the_webhook_alone() -> None:
    rego, cel = {"engine": "Rego", "source": {"rego": "x"}}, {"engine": "K8sNativeValidation", "source": {"a": 1}}
    template = {"kind": "ConstraintTemplate", "spec": {"targets": [{"code": [rego, cel]}, {"rego": "y"}]}}
    changed = {**cel, "source": {"a": 1, "generateVAP": False}}
    assert blocking(template)["spec"] == {"targets": [{"code": [rego, changed]}, {"rego": "y"}]}


def test_no_rule_fails_the_webhook_that_is_measured() -> None:
    webhook, *others = documents(WEBHOOK)
    objects = inventory(others)
    judged = {rule.id: judge(rule, webhook, objects=objects).verdict for rule in load_packs(built_in_packs()).rules}
    assert {id_ for id_, verdict in judged.items() if verdict is Verdict.FAIL} == set()
    assert sum(verdict is Verdict.PASS for verdict in judged.values()) > 40
