"""Policies are installed as users install them, once and again, and are as they were written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api_server import Binary
from tests.cluster.controllers import CHECKING_TYPES, controllers
from tests.cluster.live import OBJECTS, Live
from tests.cluster.processes import wait_until
from tests.cluster.requests import Client
from tests.cluster.shipped import Document, documents

DEPRECATED = "kyverno.io/v1 ClusterPolicy is deprecated and will be removed in a future release"
TOLD_HOLE = "system:serviceaccount:kyverno:kyverno-reports-controller requires permissions get,list,watch for resource /v1/Secret"
"""What Kyverno warns of, also where it scans nothing, and `explain` names as a hole: it may not read every Secret."""

POLICIES = OBJECTS["vap"][0]
MISTYPED = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: mistyped}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations: [{expression: object.spec.replicas == "3"}]
"""
ASK_SECONDS = 1

INSTALLED = pytest.mark.parametrize("judging", ["vap", "kyverno", "kyverno-cel", "gatekeeper-cel"], indirect=True)
"""The other ways have the same objects, and another word for what to do, or another engine."""


def items(judging: Live, kind: str) -> list[Document]:
    if kind == "constraints":
        return judging.client.constraints()
    found: list[Document] = json.loads(judging.cluster.good("get", kind, "--output", "json"))["items"]
    return found


@INSTALLED
def test_what_build_suggests_applies_it_at_once_and_nothing_warns(judging: Live) -> None:
    assert [result.code for result in judging.applied] == [0] * len(judging.applied)
    warnings = {
        line.removeprefix("Warning: ") for result in judging.applied for line in result.err.splitlines() if line
    }
    if judging.way.target == "kyverno":
        assert {each for each in warnings if not each.startswith(DEPRECATED)} == {TOLD_HOLE}
    else:
        assert warnings == set()


@INSTALLED
def test_every_rule_is_there(judging: Live) -> None:
    for kind in OBJECTS[judging.way.target]:
        names = {each["metadata"]["name"] for each in items(judging, kind)} - {"canary"}
        wanted = {rule.id for rule in judging.rules}
        assert len(names) == len(wanted)
        assert names == wanted or kind == "constrainttemplates"


@INSTALLED
def test_applied_again_nothing_changes(judging: Live) -> None:
    result = judging.cluster("apply", "-k", judging.folder)
    assert {line.split()[-1] for line in result.out.splitlines()} == {"unchanged"}


@INSTALLED
def test_nothing_drifts(judging: Live) -> None:
    """What GitOps tools ask by server-side apply: does the server keep what it was given, and nothing else there?"""
    paths = resource_paths(judging)
    applied = [drift(judging.client, paths[each["apiVersion"], each["kind"]], each) for each in objects(judging.folder)]
    assert len(applied) > len(judging.rules)
    assert {name: each for name, each in applied if each} == {}


def drift(client: Client, path: str, document: Document) -> tuple[str, dict[str, Any]]:
    """The object's name, and the fields that the server has otherwise before or after the object is applied again."""
    name = document["metadata"]["name"]
    before, after = client.ask("GET", f"{path}/{name}"), client.apply(f"{path}/{name}", document)
    assert (before.is_taken, after.is_taken) == (True, True), (name, before, after)
    own = {key: (before.body.get(key), after.body.get(key)) for key in document if key != "metadata"}
    return name, {key: each for key, each in own.items() if each[0] != each[1]}


def objects(folder: Path) -> list[Document]:
    """What a folder's kustomization applies."""
    (kustomization,) = documents(folder / "kustomization.yaml")
    return [each for path in kustomization["resources"] for each in documents(folder / path)]


def resource_paths(judging: Live) -> dict[tuple[str, str], str]:
    """Where objects of each kind are that the folder has."""
    versions = {each["apiVersion"] for each in objects(judging.folder)}
    listed = {version: judging.client.ask("GET", f"/apis/{version}").body["resources"] for version in versions}
    return {
        (version, each["kind"]): f"/apis/{version}/{each['name']}"
        for version, resources in listed.items()
        for each in resources
        if "/" not in each["name"]
    }


@INSTALLED
def test_every_policy_is_ready_and_none_has_an_error(judging: Live) -> None:
    kinds = OBJECTS[judging.way.target]
    found = {str(each["metadata"]["name"]): faults(each) for kind in kinds for each in items(judging, kind)}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("judging", ["vap"], indirect=True)
def test_the_types_of_every_expression_are_right(
    judging: Live, binary: Binary, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """They are checked by a controller, after a policy is taken; what it finds wrong denies nothing and warns nobody."""

    def checked() -> dict[str, Document]:
        found = {each["metadata"]["name"]: each.get("status", {}) for each in items(judging, POLICIES)}
        return {name: status["typeChecking"] for name, status in found.items() if "typeChecking" in status}

    judging.cluster.good("apply", "--filename=-", given=MISTYPED)
    with controllers(binary, judging.cluster, tmp_path_factory.mktemp("types"), CHECKING_TYPES):
        wait_until("types are checked", lambda: len(checked()) == len(items(judging, POLICIES)), ASK_SECONDS)
    found = {name: each["expressionWarnings"] for name, each in checked().items() if each.get("expressionWarnings")}
    judging.cluster.good("delete", "--filename=-", given=MISTYPED)
    assert found.keys() == {"mistyped"}, found


def faults(document: Document) -> list[Any]:
    """What a status says is wrong: conditions that are not true, errors anywhere, warnings of type checking."""
    status = document.get("status", {})
    conditions = [each for each in find(status, "conditions") for each in each if each["status"] != "True"]
    return [*conditions, *filter(None, find(status, "errors")), *find(status, "expressionWarnings")]


def find(value: Any, key: str) -> list[Any]:
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
def test_a_fault_is_found(status: Document) -> None:
    assert faults({"status": status})
    assert not faults({"status": {"conditions": [{"status": "True"}], "byPod": [{"id": "a"}]}})
