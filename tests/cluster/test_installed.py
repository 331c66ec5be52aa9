"""Policies are installed as users install them, once and again, and are as they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.cluster.live import Live

OBJECTS: Mapping[str, tuple[str, ...]] = {
    "vap": ("validatingadmissionpolicies", "validatingadmissionpolicybindings"),
    "kyverno": ("clusterpolicies",),
    "kyverno-cel": ("validatingpolicies",),
    "gatekeeper": ("constrainttemplates", "constraints"),
}
"""What there is one of for each rule."""
DEPRECATED = "kyverno.io/v1 ClusterPolicy is deprecated and will be removed in a future release"
TOLD_HOLES = (
    "You are matching on replicas but not including the scale subresource in the policy.",
    "system:serviceaccount:kyverno:kyverno-reports-controller requires permissions get,list,watch for resource /v1/Secret",
)
"""What Kyverno warns of and `explain` names as holes: it wants scale in the match, and may not read every Secret."""


def items(judging: Live, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(judging.cluster.good("get", kind, "--output", "json"))["items"]
    return found


def test_it_is_applied_in_one_go_and_nothing_warns(judging: Live) -> None:
    assert [result.code for result in judging.applied] == [0] * len(judging.applied)
    warnings = {
        line.removeprefix("Warning: ") for result in judging.applied for line in result.err.splitlines() if line
    }
    if judging.way.target == "kyverno":
        assert {each for each in warnings if not each.startswith(DEPRECATED)} == set(TOLD_HOLES)
    else:
        assert warnings == set()


def test_every_rule_is_there(judging: Live) -> None:
    for kind in OBJECTS[judging.way.target]:
        names = {each["metadata"]["name"] for each in items(judging, kind)}  # type: ignore[index]
        wanted = {rule.id for rule in judging.rules}
        assert len(names) == len(wanted)
        assert names == wanted or kind == "constrainttemplates"


def test_applied_again_nothing_changes(judging: Live) -> None:
    result = judging.cluster("apply", "-k", judging.folder)
    assert {line.split()[-1] for line in result.out.splitlines()} == {"unchanged"}


def test_nothing_drifts(judging: Live) -> None:
    """What GitOps tools ask: does the server keep what it was given?"""
    result = judging.cluster("diff", "--server-side", "--force-conflicts", "-k", judging.folder)
    assert (result.code, result.out) == (0, "")


def test_every_policy_is_ready_and_none_has_an_error(judging: Live) -> None:
    kinds = OBJECTS[judging.way.target]
    found = {str(each["metadata"]["name"]): faults(each) for kind in kinds for each in items(judging, kind)}  # type: ignore[index]
    assert {name: each for name, each in found.items() if each} == {}


def faults(document: Mapping[str, object]) -> list[object]:
    """What a status says is wrong: conditions that are not true, errors anywhere, warnings of type checking."""
    status = document.get("status", {})
    conditions = [each for each in find(status, "conditions") for each in each if each["status"] != "True"]  # type: ignore[attr-defined,index]
    return [*conditions, *filter(None, find(status, "errors")), *find(status, "expressionWarnings")]


def find(value: object, key: str) -> list[object]:
    """Every value of a key, however deep."""
    match value:
        case dict():
            return [
                *([value[key]] if key in value else []),
                *(each for held in value.values() for each in find(held, key)),
            ]
        case list():
            return [each for held in value for each in find(held, key)]
        case _:
            return []


@pytest.mark.parametrize("status", [{"conditions": [{"status": "False"}]}, {"byPod": [{"errors": [1]}]}])
def test_a_fault_is_found(status: dict[str, object]) -> None:
    assert faults({"status": status})
    assert not faults({"status": {"conditions": [{"status": "True"}], "byPod": [{"id": "a"}]}})
