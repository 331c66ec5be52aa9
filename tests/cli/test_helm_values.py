"""`cmpolicy check --helm-values`, as people and scripts see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Run
from tests.policies.test_cert_manager_values import PAGE, POLICIES, values


def test_a_build_leaves_them_out(cmpolicy: Run, tmp_path: Path) -> None:
    arguments = ("--pack", "cert_manager_values", "--target", "kyverno", "--out", str(tmp_path / "dist"))
    result = cmpolicy("build", *arguments)
    assert result.code == 0
    assert "Built no rule" in result.out


def checked(cmpolicy: Run, tmp_path: Path, text: str, *arguments: str) -> Any:
    (tmp_path / "values.yaml").write_text(text)
    return cmpolicy(
        "check", "--pack", "cert_manager_values", "--helm-values", str(tmp_path / "values.yaml"), *arguments
    )


def test_the_command_shows_the_line_and_says_what_it_cannot_know(cmpolicy: Run, tmp_path: Path) -> None:
    result = checked(cmpolicy, tmp_path, "replicaCount: 2\nwebhook:\n  replicaCount: 1\n")
    assert result.code == 1
    assert "values.yaml:3  replicaCount: 1" in result.out
    assert "cmv-controller-replicas" not in result.out
    assert "Values of other files, of --set and of the chart are not known here" in result.err


def test_the_values_of_the_page_have_no_finding(cmpolicy: Run, tmp_path: Path) -> None:
    result = checked(cmpolicy, tmp_path, yaml.safe_dump(values({**PAGE, **POLICIES})))
    assert (result.code, "no findings" in result.out) == (0, True)


@pytest.mark.parametrize(("text", "problem"), [("- a\n", "Helm values are a map"), ("a: [\n", "error[syntax]")])
def test_what_holds_no_values_is_an_error(cmpolicy: Run, tmp_path: Path, text: str, problem: str) -> None:
    result = checked(cmpolicy, tmp_path, text)
    assert result.code == 2
    assert problem in result.err


def test_a_file_that_is_not_there_is_an_error(cmpolicy: Run, tmp_path: Path) -> None:
    result = cmpolicy("check", "--pack", "cert_manager_values", "--helm-values", str(tmp_path / "none.yaml"))
    assert result.code == 2
    assert "cannot be read" in result.err


def test_rules_that_are_about_no_values_are_told(cmpolicy: Run, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("a: 1\n")
    result = cmpolicy("check", "--pack", "cert_manager", "--helm-values", str(tmp_path / "values.yaml"))
    assert result.code == 2
    assert "no rule here is about Helm values" in result.err


def test_something_must_be_named(cmpolicy: Run) -> None:
    result = cmpolicy("check")
    assert result.code == 2
    assert "name a PATH" in result.err
