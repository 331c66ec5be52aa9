"""Editors: the stub lets a type checker complete fields, and flag those that do not exist."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cmpolicy.dsl.structures import Object
from cmpolicy.fields import index

from dev import ROOT, link_typing_tree

RULE = Path(__file__).with_name("typed_rule.py")


def check(folder: Path, text: str) -> list[str]:
    """What mypy says of a rule file, one line each, without the file's name."""
    link_typing_tree(folder / "tree" / "cmpolicy")
    file = folder / "rule.py"
    file.write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file=",
        "--follow-imports=silent",
    ]
    cache = f"--cache-dir={ROOT / 'build' / 'mypy-stub-tests'}"
    environment = {"MYPYPATH": str(folder / "tree"), "PATH": ""}
    answer = subprocess.run([*command, cache, str(file)], env=environment, cwd=folder, capture_output=True, text=True)
    assert answer.stderr == ""
    return [line.removeprefix("rule.py:") for line in answer.stdout.splitlines()]


def test_right_rule_passes_the_type_checker(tmp_path: Path) -> None:
    assert check(tmp_path, RULE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("spec.replicas", "spec.replica", '"DeploymentSpec" has no attribute "replica"; maybe "replicas"?'),
        (
            "spec.template.spec.hostNetwork",
            "spec.template.spec.hostnetwork",
            '"PodSpec" has no attribute "hostnetwork"',
        ),
        ("c.livenessProbe", "c.livenesProbe", '"Container" has no attribute "livenesProbe"; maybe "livenessProbe"?'),
        (".replicas >= minimum", '.replicas >= "3"', 'Unsupported operand types for >= ("Integer" and "str")'),
        (".hostNetwork.is_true()", ".hostNetwork.starts_with()", '"Boolean" has no attribute "starts_with"'),
    ],
)
def test_mistake_is_flagged_where_it_is(right: str, wrong: str, complaint: str, tmp_path: Path) -> None:
    text = RULE.read_text(encoding="utf-8")
    head, found, rest = text.rpartition(right)
    line = head.count("\n") + 1
    assert found
    complaints = check(tmp_path, head + wrong + rest)
    assert [each for each in complaints if each.startswith(f"{line}: error: {complaint}")]


def test_no_field_hides_what_every_object_offers() -> None:
    offered = {name for name in dir(Object) if not name.startswith("_")}
    fields = {(type_name, field) for type_name, fields in index.load().types.items() for field in fields}
    assert {(type_name, field) for type_name, field in fields if field in offered} == set()
