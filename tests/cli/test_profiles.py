"""`--profile`: sets of rules that not everybody wants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import FINE, PACK, Run, write_rule

PROFILES = '{"strict": "those who want more", "odd": "nobody"}'
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {replicas: 1}
"""


@pytest.fixture
def strict(workspace: Path) -> Path:
    """A workspace whose rule `my-second` is in the profile `strict` alone, and `my-third` in that and `default`."""
    pack = workspace / "policies/my_pack/__init__.py"
    pack.write_text(PACK.replace('category="Mine"', f'category="Mine", profiles={PROFILES}'))
    for name, profiles in (("second", '["strict"]'), ("third", '["default", "strict"]')):
        rule = write_rule(workspace, name)
        rule.write_text(rule.read_text().replace('severity="high"', f'severity="high", profiles={profiles}'))
    (workspace / "app.yaml").write_text(MANIFEST)
    return workspace


DEFAULT, STRICT, EVERY = {"my-first", "my-third"}, {"my-second", "my-third"}, {"my-first", "my-second", "my-third"}


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ([], DEFAULT),
        (["--profile", "default"], DEFAULT),
        (["--profile", "strict"], STRICT),
        (["--profile", "default", "--profile", "strict"], EVERY),
        (["--profile", "odd"], set()),
        (["--rule", "my-second"], {"my-second"}),
        (["--rule", "my-second", "--profile", "default"], {"my-second"}),
    ],
)
def test_a_build_and_a_check_use_the_rules_of_a_profile(
    cmpolicy: Run, strict: Path, options: list[str], rules: set[str]
) -> None:
    cmpolicy("build", "--target", "vap", *options)
    assert {path.stem for path in (strict / "dist/vap/policies").glob("*.yaml")} == rules
    report = json.loads(cmpolicy("check", "app.yaml", "--output", "json", *options).out)
    assert {result["rule"] for result in report["results"]} == rules


def test_a_list_shows_every_rule_and_what_the_profiles_are_for(cmpolicy: Run, strict: Path) -> None:
    assert cmpolicy("list").out.splitlines() == [
        "my_pack   3 rules",
        "  high      my-first   Deployments run enough replicas",
        "  high      my-second  Deployments run enough replicas  (strict)",
        "  high      my-third   Deployments run enough replicas",
        "profiles of my_pack",
        "  strict  those who want more",
        "  odd     nobody",
    ]


def test_a_list_shows_one_profile(cmpolicy: Run, strict: Path) -> None:
    listed = json.loads(cmpolicy("list", "--profile", "strict", "--output", "json").out)
    assert {entry["id"]: entry["profiles"] for entry in listed} == {
        "my-second": ["strict"],
        "my-third": ["default", "strict"],
    }


def test_a_rule_is_explained_whatever_its_profile(cmpolicy: Run, strict: Path) -> None:
    result = cmpolicy("explain", "my-second")
    assert (result.code, result.err) == (0, "")
    assert "Profiles    strict\n" in result.out


@pytest.mark.parametrize("command", [["build"], ["check", "app.yaml"], ["list"]])
def test_an_unknown_profile_is_an_error(cmpolicy: Run, strict: Path, command: list[str]) -> None:
    result = cmpolicy(*command, "--profile", "stict")
    assert (result.code, result.out) == (2, "")
    assert "there is no profile `stict`" in result.err
    assert "did you mean `strict`?" in result.err
    assert not (strict / "dist").exists()


@pytest.mark.parametrize("command", [["build"], ["check", "app.yaml"], ["list", "--profile", "default"]])
def test_a_pack_that_is_named_and_has_no_rule_in_the_profile_is_an_error(
    cmpolicy: Run, strict: Path, command: list[str]
) -> None:
    for name in ("first", "third"):
        (strict / f"policies/my_pack/{name}.py").unlink()
    result = cmpolicy(*command, "--pack", "my_pack")
    assert (result.code, result.out) == (2, "")
    assert "no rule of `my_pack` is in `default`" in result.err
    assert "`--profile` takes `strict` for it" in result.err
    assert cmpolicy(*command, "--pack", "my_pack", "--profile", "strict").code in (0, 1)


def test_a_rule_that_is_left_out_may_have_values(cmpolicy: Run, strict: Path) -> None:
    (strict / "values.yaml").write_text("my-second: {minimum: 1}\n")
    assert cmpolicy("check", "app.yaml", "--values", "values.yaml").code == 1


def test_a_broken_rule_does_not_hide_behind_its_profile(cmpolicy: Run, strict: Path) -> None:
    rule = strict / "policies/my_pack/second.py"
    rule.write_text(rule.read_text().replace(FINE, "deployment.spec.replica >= 1"))
    assert cmpolicy("build", "--target", "vap").code == 2


def test_the_command_after_a_build_keeps_the_profile(cmpolicy: Run, strict: Path) -> None:
    assert "cmpolicy check --profile strict my-manifests/" in cmpolicy("build", "--profile", "strict").out
