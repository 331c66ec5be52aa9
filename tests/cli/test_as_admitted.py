"""`cmpolicy check --as-admitted`, as people and scripts see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: cert-manager}
spec:
  podSelector: {}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cert-manager-webhook
  labels: {app.kubernetes.io/name: webhook, app.kubernetes.io/component: webhook}
spec:
  template:
    spec:
      containers: [{name: cert-manager-webhook, image: "quay.io/jetstack/cert-manager-webhook:v1.21.1"}]
"""
CERTIFICATE = """\
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: a}
"""
TYPES, REPLICAS = "cm-netpol-explicit-policytypes", "cm-webhook-replicas"
AS_ADMITTED = "objects are judged as an API server of Kubernetes 1.37 admits them, with its defaults"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without packs of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(cmpolicy: Run, text: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a check of these manifests."""
    Path("m.yaml").write_text(text)
    result = cmpolicy("check", "m.yaml", "--output", "json", *arguments)
    return result.code, json.loads(result.out)


def test_what_the_server_fills_in_is_no_finding(cmpolicy: Run, folder: Path) -> None:
    code, found = report(cmpolicy, POLICY, "--rule", TYPES)
    assert (code, found["summary"]["fail"], "admission" in found, found["notes"]) == (1, 1, False, [])
    code, found = report(cmpolicy, POLICY, "--rule", TYPES, "--as-admitted")
    assert (code, found["summary"]["pass"]) == (0, 1)
    assert found["admission"] == {"kubernetes": "1.37", "asWritten": []}
    assert found["notes"] == [AS_ADMITTED]


def test_a_finding_on_a_default_is_at_the_nearest_line_and_says_so(cmpolicy: Run, folder: Path) -> None:
    Path("m.yaml").write_text(DEPLOYMENT)
    result = cmpolicy("check", "m.yaml", "--rule", REPLICAS, "--as-admitted")
    assert result.code == 1
    assert result.out.splitlines()[:3] == [
        "Deployment default/cert-manager-webhook",
        "  critical  cm-webhook-replicas  cert-manager-webhook runs 1 replica(s); run at least 3",
        "            m.yaml:6  spec.replicas (not there; the API server sets 1)",
    ]
    assert result.out.splitlines()[-1] == f"Note: {AS_ADMITTED}."
    _, found = report(cmpolicy, DEPLOYMENT, "--rule", REPLICAS, "--as-admitted")
    assert [(each["line"], each["path"]) for each in found["results"]] == [(6, "/spec/replicas")]


def test_a_finding_on_a_field_that_is_there_shows_its_line(cmpolicy: Run, folder: Path) -> None:
    Path("m.yaml").write_text(DEPLOYMENT.replace("spec:\n  template", "spec:\n  replicas: 2\n  template"))
    assert "m.yaml:7  replicas: 2" in cmpolicy("check", "m.yaml", "--rule", REPLICAS, "--as-admitted").out


def test_kinds_that_are_not_known_are_named_if_a_rule_looks_at_them(cmpolicy: Run, folder: Path) -> None:
    rule = ("--rule", "cm-certificate-duration")
    _, found = report(cmpolicy, f"{CERTIFICATE}---\n{POLICY}", *rule, "--as-admitted")
    assert found["admission"]["asWritten"] == ["cert-manager.io/v1/Certificate"]
    unknown = "of Certificate it is not known what a server makes of them: they are judged as written"
    assert found["notes"] == [AS_ADMITTED, unknown]
    _, found = report(cmpolicy, CERTIFICATE, "--rule", TYPES, "--as-admitted")
    assert found["admission"]["asWritten"] == []


def test_helm_values_are_judged_beside_it(cmpolicy: Run, folder: Path) -> None:
    Path("values.yaml").write_text("webhook: {replicaCount: 1}\n")
    rules = ("--rule", "cmv-webhook-replicas", "--rule", TYPES)
    code, found = report(cmpolicy, POLICY, "--helm-values", "values.yaml", *rules, "--as-admitted")
    assert (code, [each["rule"] for each in found["results"]]) == (1, ["cmv-webhook-replicas"])
    assert found["admission"]["asWritten"] == []


def test_what_cannot_be_read_or_is_of_a_wrong_type_is_told_as_ever(cmpolicy: Run, folder: Path) -> None:
    code, found = report(
        cmpolicy, DEPLOYMENT.replace("spec:\n  template", "spec:\n  replicas: '1'\n  template"), "--as-admitted"
    )
    assert code == 2
    assert [each["code"] for each in found["problems"]] == ["shape"]
    code, found = report(cmpolicy, f"{POLICY}---\na: [\n", "--as-admitted", "--rule", TYPES)
    assert (code, found["summary"]["pass"]) == (2, 1)


def test_what_is_in_a_cluster_has_been_admitted(cmpolicy: Run, folder: Path) -> None:
    result = cmpolicy("check", "--cluster", "--as-admitted")
    assert (result.code, result.out) == (2, "")
    assert "--as-admitted is for manifests; what is in a cluster has been admitted" in result.err
