"""What is wrong is told as it is: in the words of its own cause, and as JSON to those who asked for JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, tree, write_rule

BROKEN = "deployment.spec.replica >= minimum"


@pytest.mark.parametrize(
    "command", [["explain", "my-third"], ["build", "--rule", "my-third"], ["check", "--rule", "my-third", "."]]
)
def test_of_a_broken_rule_its_own_error_is_shown(cmpolicy: Run, workspace: Path, command: list[str]) -> None:
    write_rule(workspace, "third", BROKEN)
    result = cmpolicy(*command)
    assert result.code == 2
    assert result.err.count("error[") == 1
    assert "error[field]: `DeploymentSpec` has no field `replica`" in result.err


def test_in_a_pack_that_cannot_be_read_no_rule_is_said_to_be_missing(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies/my_pack/__init__.py").write_text("PACK = Pack()\n")
    result = cmpolicy("explain", "my-first")
    assert result.code == 2
    assert "error[name]: `Pack` is not defined" in result.err
    assert "there is no rule" not in result.err


def test_a_rule_that_is_unknown_is_told_beside_one_that_is_broken(cmpolicy: Run, workspace: Path) -> None:
    write_rule(workspace, "third", BROKEN)
    result = cmpolicy("list", "--rule", "my-third", "--rule", "my-frist")
    assert "did you mean `replicas`?" in result.err
    assert "there is no rule `my-frist`" in result.err


def test_of_an_id_that_is_used_twice_the_first_is_explained(cmpolicy: Run, workspace: Path) -> None:
    other = workspace / "policies" / "other"
    other.mkdir()
    for name in ("__init__.py", "first.py"):
        (other / name).write_text((workspace / "policies/my_pack" / name).read_text())
    result = cmpolicy("explain", "my-first")
    assert result.code == 2
    assert "`my-first` is used twice" in result.err
    assert "my-first   high   my_pack" in result.out


@pytest.mark.parametrize(
    ("arguments", "code", "remedy"),
    [
        (["--rule", "my-frist", "."], "rule", "did you mean `my-first`?"),
        (["--pack", "my_pak", "."], "pack", "did you mean `my_pack`?"),
        (["--values", "no.yaml", "."], "values", ""),
        (["--fail-on", "worst", "."], "usage", "`cmpolicy check --help` shows what it takes"),
        ([], "usage", "`cmpolicy check --help` shows what it takes"),
    ],
)
@pytest.mark.parametrize("form", [["--output", "json"], ["--output=json"]])
def test_a_check_that_fails_prints_the_json_of_a_check(
    cmpolicy: Run, workspace: Path, form: list[str], arguments: list[str], code: str, remedy: str
) -> None:
    result = cmpolicy("check", *form, *arguments)
    found = json.loads(result.out)
    assert (result.code, found["schema"], found["results"]) == (2, "cmpolicy.check/v1", [])
    assert [(each["code"], each["help"]) for each in found["problems"]] == [(code, remedy)]
    assert found["problems"][0]["message"] in result.err


@pytest.mark.parametrize("command", [["list"], ["targets", "--matrix"]])
def test_any_other_command_that_fails_prints_its_problems(cmpolicy: Run, workspace: Path, command: list[str]) -> None:
    result = cmpolicy(*command, "--rule", "my-frist", "--output", "json")
    found = json.loads(result.out)
    assert (result.code, found["schema"]) == (2, "cmpolicy.problems/v1")
    assert [each["message"] for each in found["problems"]] == ["there is no rule `my-frist`"]


def test_who_did_not_ask_for_json_gets_none(cmpolicy: Run, workspace: Path) -> None:
    assert cmpolicy("list", "--rule", "my-frist").out == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check", ""], "'PATH...'"),
        (["check", "--pack", "", "."], "'--pack'"),
        (["check", "--rule=", "."], "'--rule'"),
        (["check", "--values", "", "."], "'--values'"),
        (["build", "--out", ""], "'--out'"),
        (["build", "--target", ""], "'--target'"),
        (["explain", ""], "'RULE'"),
        (["new", "rule", ""], "'NAME'"),
        (["new", "rule", "a", "--pack="], "'--pack'"),
        (["new", "target", ""], "'NAME'"),
    ],
)
def test_an_empty_argument_is_refused_by_its_name(
    cmpolicy: Run, workspace: Path, arguments: list[str], named: str
) -> None:
    before = tree(workspace)
    result = cmpolicy(*arguments)
    assert (result.code, result.out) == (2, "")
    assert f"error[usage]: invalid value for {named}: it is empty" in result.err
    assert tree(workspace) == before
