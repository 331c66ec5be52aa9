"""`cmpolicy check`, as people and scripts see it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, write_rule

APP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  namespace: shop
spec:
  replicas: {replicas}
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


@pytest.fixture
def manifests(workspace: Path) -> Path:
    """A folder with one failing Deployment in the second document of a file, and a passing one in another."""
    folder = workspace / "manifests"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.yaml").write_text(f"{CONFIG}---\n{APP.format(replicas=1)}")
    (folder / "deep" / "b.yml").write_text(APP.format(replicas=3))
    (folder / "notes.txt").write_text("apiVersion: apps/v1\nkind: Deployment\n")
    return folder


def report(run: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a check."""
    result = run("check", "--output", "json", *arguments)
    return result.code, json.loads(result.out)


def test_findings_are_shown_by_object_with_the_line(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("check", "manifests")
    assert result.code == 1
    assert result.out.splitlines() == [
        "Deployment shop/app",
        "  high      my-first   too few replicas",
        "            manifests/a.yaml:11  replicas: 1",
        "  high      my-second  too few replicas",
        "            manifests/a.yaml:11  replicas: 1",
        "",
        "3 objects, 2 rules: 2 findings (2 high) in 1 object",
    ]


def test_the_json_is_as_documented(cmpolicy: Run, manifests: Path) -> None:
    code, found = report(cmpolicy, "manifests", "--rule", "my-first")
    assert code == 1
    assert found == {
        "schema": "cmpolicy.check/v1",
        "summary": {"objects": 3, "rules": 1, "pass": 1, "fail": 1, "skip": 0, "error": 0},
        "results": [
            {
                "rule": "my-first",
                "pack": "my_pack",
                "verdict": "fail",
                "severity": "high",
                "object": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "app"},
                "file": "manifests/a.yaml",
                "document": 1,
                "line": 11,
                "column": 3,
                "path": "/spec/replicas",
                "message": "too few replicas",
                "remedy": {"helm": {}, "text": "", "docs": ""},
            }
        ],
        "problems": [],
        "notes": [],
    }


def test_all_shows_every_pair_that_a_rule_looks_at(cmpolicy: Run, manifests: Path) -> None:
    _, found = report(cmpolicy, "manifests", "--all")
    assert [(each["rule"], each["verdict"], each["file"]) for each in found["results"]] == [
        ("my-first", "fail", "manifests/a.yaml"),
        ("my-second", "fail", "manifests/a.yaml"),
        ("my-first", "pass", "manifests/deep/b.yml"),
        ("my-second", "pass", "manifests/deep/b.yml"),
    ]


def test_a_missing_field_is_named_at_its_nearest_parent(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "m.yaml").write_text(APP.replace("  replicas: {replicas}", "  paused: true"))
    result = cmpolicy("check", "m.yaml", "--rule", "my-first")
    assert "m.yaml:6  spec.replicas (not there)" in result.out
    _, found = report(cmpolicy, "m.yaml", "--rule", "my-first")
    assert [(each["line"], each["path"]) for each in found["results"]] == [(6, "/spec/replicas")]


def test_no_finding_is_exit_code_zero(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("check", "manifests/deep")
    assert (result.code, result.out.splitlines()[-1]) == (0, "1 object, 2 rules: no findings")


@pytest.mark.parametrize(("lowest", "code"), [("critical", 0), ("high", 1), ("low", 1)])
def test_findings_below_fail_on_do_not_fail(cmpolicy: Run, manifests: Path, lowest: str, code: int) -> None:
    assert cmpolicy("check", "manifests", "--fail-on", lowest).code == code


def test_stdin_is_a_dash(cmpolicy: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(APP.format(replicas=1).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    result = cmpolicy("check", "-")
    assert result.code == 1
    assert "-:7  replicas: 1" in result.out


def test_a_values_file_changes_parameters(cmpolicy: Run, manifests: Path) -> None:
    values = manifests.parent / "values.yaml"
    values.write_text('"*":\n  minimum: 1\n')
    assert cmpolicy("check", "manifests", "--values", "values.yaml").code == 0


def test_a_list_is_split_into_its_items(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "l.json").write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "List",
                "items": [
                    {"apiVersion": "v1", "kind": "ConfigMap"},
                    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {"replicas": 1}},
                ],
            },
            indent=1,
        )
    )
    code, found = report(cmpolicy, "l.json", "--rule", "my-first")
    assert (code, found["summary"]["objects"]) == (1, 2)
    (result,) = found["results"]
    assert (result["document"], result["path"], result["line"]) == (1, "/spec/replicas", 16)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.yaml", b"a: [", "broken.yaml:"),
        ("tabs.yaml", b"a:\n\tb: 1\n", "tabs.yaml:2"),
        ("binary.yaml", bytes(range(256)), "binary.yaml"),
        ("bomb.yaml", b"a: &a [x,x,x,x,x,x,x,x,x,x]\n" + b"".join(
            b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % ((n, n) + (n - 1,) * 10) for n in range(98, 110)
        ), "bomb.yaml"),
        ("cycle.yaml", b"a: &a [*a]\n", "cycle.yaml"),
        ("deep.yaml", b"a: " + b"[" * 100_000, "deep.yaml"),
        ("deep.json", b'{"a": ' * 100_000, "deep.json"),
        ("infinite.yaml", b"a: .inf\n", "infinite.yaml:1"),
    ],
)  # fmt: skip
def test_a_broken_input_is_named_and_hides_nothing(
    cmpolicy: Run, manifests: Path, name: str, content: bytes, words: str
) -> None:
    (manifests / name).write_bytes(content)
    result = cmpolicy("check", "manifests")
    assert result.code == 2
    assert words in result.err
    assert "Traceback" not in result.err
    assert "2 findings" in result.out


def test_a_document_that_is_broken_does_not_hide_the_next(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "m.yaml").write_text(f"a: [\n---\n{APP.format(replicas=1)}")
    result = cmpolicy("check", "m.yaml")
    assert (result.code, "2 findings" in result.out) == (2, True)


@pytest.mark.parametrize(
    ("spec", "problems"),
    [
        ("text", ["shape"]),
        ("[]", ["shape"]),
        ("3", ["shape"]),
        ("{replicas: {}}", ["shape"]),
        ("null", []),
        ("{replicas: '3'}", ["shape"]),
    ],
)
def test_an_odd_spec_gets_a_verdict(cmpolicy: Run, workspace: Path, spec: str, problems: list[str]) -> None:
    head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\n"
    (workspace / "m.yaml").write_text(f"{head}spec: {spec}\n")
    code, found = report(cmpolicy, "m.yaml", "--rule", "my-first")
    assert found["summary"]["fail"] == 1
    assert [each["code"] for each in found["problems"]] == problems
    assert code == (2 if problems else 1)


def test_a_path_that_is_not_there(cmpolicy: Run, manifests: Path) -> None:
    result = cmpolicy("check", "manifests", "nowhere")
    assert result.code == 2
    assert "nowhere" in result.err
    assert "2 findings" in result.out


def test_a_manifest_cannot_write_lines_or_colors_of_its_own(cmpolicy: Run, workspace: Path) -> None:
    named = APP.format(replicas=1).replace("name: app", 'name: "a\\n0 findings\\e[31m"')
    (workspace / "m.yaml").write_text(named)
    result = cmpolicy("check", "m.yaml", "--rule", "my-first")
    assert result.out.splitlines()[0] == r"Deployment shop/a\n0 findings\x1b[31m"


def test_problems_of_rules_and_inputs_are_in_the_json(cmpolicy: Run, manifests: Path) -> None:
    write_rule(manifests.parent, "second", "deployment.spec.replica > 1")
    code, found = report(cmpolicy, "manifests", "nowhere")
    assert code == 2
    assert [(each["code"], each["line"] > 0, each["column"] > 0) for each in found["problems"]] == [
        ("field", True, True),
        ("file", True, True),
    ]


def test_a_broken_rule_does_not_hide_the_others(cmpolicy: Run, manifests: Path) -> None:
    write_rule(manifests.parent, "second", "deployment.spec.replica > 1")
    result = cmpolicy("check", "manifests")
    assert result.code == 2
    assert "did you mean `replicas`" in result.err
    assert "1 finding (1 high)" in result.out
