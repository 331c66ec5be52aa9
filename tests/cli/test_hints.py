"""What is suggested can be pasted: it is quoted, and does what the command before it did."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import FINE, Run, write_rule
from tests.cli.test_build import OLD_RULE


def suggested(out: str) -> list[list[str]]:
    """The words of each command after `Next:`, and of those under it."""
    first, *others = out.partition("Next: ")[2].splitlines()
    return [shlex.split(line) for line in (first, *(line for line in others if line.startswith(" " * 6)))]


@pytest.mark.parametrize(
    "options",
    [
        ["--target", "vap"],
        ["--target", "vap", "--target", "datree", "--rule", "my-first", "--enforce"],
        ["--pack", "policies/my_pack", "--values", "my values.yaml", "--out", "my out", "--allow-gaps"],
    ],
)
def test_a_check_suggests_the_build_that_it_checked(cmpolicy: Run, workspace: Path, options: list[str]) -> None:
    (workspace / "my values.yaml").write_text("my-first: {minimum: 1}\n")
    result = cmpolicy("build", "--check", *options)
    assert result.code == 1
    (command,) = suggested(result.out)
    assert command[:2] == ["cmpolicy", "build"]
    assert sorted(command[2:]) == sorted(options)
    assert cmpolicy(*command[1:]).code == 0
    assert cmpolicy("build", "--check", *options).code == 0


def test_a_build_suggests_what_works_on_what_it_built(cmpolicy: Run, workspace: Path) -> None:
    options = ["--pack", "policies/my_pack", "--rule", "my-first"]
    apply, check = suggested(cmpolicy("build", "--target", "vap", "--out", "my out", *options).out)
    assert apply == ["kubectl", "apply", "-k", "my out/vap"]
    assert check == ["cmpolicy", "check", *options, "my-manifests/"]


def test_constraints_are_applied_when_their_kinds_are_there(cmpolicy: Run, workspace: Path) -> None:
    *commands, _ = suggested(cmpolicy("build", "--target", "gatekeeper", "--out", "my out", "--rule", "my-first").out)
    assert commands == [
        ["kubectl", "apply", "-f", "my out/gatekeeper/templates"],
        [
            *[
                "kubectl",
                "wait",
                "--for=jsonpath={.status.created}=true",
                "--timeout=120s",
                "constrainttemplates",
                "--all",
            ]
        ],
        ["kubectl", "apply", "-k", "my out/gatekeeper"],
    ]


def test_a_target_that_carries_no_rule_is_not_said_to_be_built_for(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies/my_pack/change.py").write_text(OLD_RULE)
    both = cmpolicy("build", "--rule", "my-change", "--target", "datree", "--target", "vap", "--allow-gaps").out
    assert "Built 1 rule for vap in " in both
    assert "  datree carries none of them\n" in both
    assert [command[0] for command in suggested(both)] == ["kubectl", "cmpolicy"]
    none = cmpolicy("build", "--rule", "my-change", "--target", "datree", "--allow-gaps").out
    assert none.startswith("Built no rule for any target in ")
    assert [command[0] for command in suggested(none)] == ["cmpolicy"]


def test_a_target_that_carries_some_rules_says_how_many(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies/my_pack/change.py").write_text(OLD_RULE)
    out = cmpolicy("build", "--target", "datree", "--target", "vap", "--allow-gaps").out
    assert "Built 3 rules for datree and vap in " in out
    assert "  datree carries 2 of them\n" in out


def test_a_new_rule_suggests_commands_with_its_pack(cmpolicy: Run, workspace: Path) -> None:
    out = cmpolicy("new", "rule", "enough", "--pack", "my rules/team_rules").out
    commands = re.findall(r"cmpolicy .*", out)
    assert [shlex.split(command)[1:] for command in commands] == [
        ["explain", "team-rules-enough", "--pack", "my rules/team_rules"],
        ["build", "--pack", "my rules/team_rules"],
    ]
    for command in commands:
        assert cmpolicy(*shlex.split(command)[1:]).code == 0


@pytest.mark.parametrize("command", [["rule", "enough"], ["rule", "enough", "--pack", "policies/other"]])
def test_a_new_rule_in_a_clone_says_what_else_is_to_be_written(
    cmpolicy: Run, workspace: Path, command: list[str]
) -> None:
    (workspace / "tests/golden").mkdir(parents=True)
    out = cmpolicy("new", *command).out
    assert "python3 dev.py golden" in out
    assert "python3 dev.py docs" in out


def test_a_new_rule_elsewhere_says_nothing_of_a_clone(cmpolicy: Run, workspace: Path) -> None:
    assert "dev.py" not in cmpolicy("new", "rule", "enough").out
    (workspace / "tests/golden").mkdir(parents=True)
    assert "dev.py" not in cmpolicy("new", "rule", "enough", "--pack", "elsewhere/other").out


def test_the_list_of_many_rules_is_that_of_the_packs_that_were_named(cmpolicy: Run, workspace: Path) -> None:
    for number in range(12):
        write_rule(workspace, f"more_{number}", FINE)
    result = cmpolicy("explain", "zzz", "--pack", "policies/my_pack")
    assert "`cmpolicy list --pack policies/my_pack` shows them all" in result.err
    assert "`cmpolicy list` shows them all" in cmpolicy("explain", "zzz").err
