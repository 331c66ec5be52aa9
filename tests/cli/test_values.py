"""The values file: parameters for a build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.values_file import constant

from tests.cli.conftest import Run, tree


def parameters(workspace: Path) -> object:
    return json.loads((workspace / "dist/bundle.json").read_text())["parameters"]


def write(workspace: Path, text: str) -> None:
    (workspace / "values.yaml").write_text(text)


def test_a_rules_own_value_goes_before_the_one_of_every_rule(cmpolicy: Run, workspace: Path) -> None:
    write(workspace, "my-first:\n  minimum: 5\n'*':\n  minimum: 4\n  names: [a, b]\n")
    assert cmpolicy("build", "--target", "vap", "--values", "values.yaml").code == 0
    assert parameters(workspace) == {
        "my-first": {"minimum": 5, "names": ["a", "b"]},
        "my-second": {"minimum": 4, "names": ["a", "b"]},
    }


def test_the_values_are_in_the_policies(cmpolicy: Run, workspace: Path) -> None:
    write(workspace, '{"my-first": {"minimum": 17}}')
    cmpolicy("build", "--values", "values.yaml", "--rule", "my-first")
    files = tree(workspace / "dist")
    assert all(b"17" in files[f"{target}/policies/my-first.yaml"] for target in ("kyverno", "kyverno-cel", "vap"))
    assert b"17" in files["datree/policies.yaml"]
    assert b"minimum: 17" in files["gatekeeper/constraints/my-first.yaml"]


def test_examples_follow_their_verdict(cmpolicy: Run, workspace: Path) -> None:
    def native_tests() -> set[str]:
        cmpolicy("build", "--target", "datree", "--values", "values.yaml", "--rule", "my-first")
        tests = workspace / "dist/datree/tests/my-first"
        return {f"{file.name} {file.read_text().split('replicas: ')[1].strip()}" for file in tests.iterdir()}

    write(workspace, "my-first:\n  minimum: 3\n")
    assert native_tests() == {"good-1.yaml 3", "bad-1.yaml 1"}
    write(workspace, "my-first:\n  minimum: 4\n")
    assert native_tests() == {"bad-1.yaml 3", "bad-2.yaml 1"}
    write(workspace, "my-first:\n  minimum: 1\n")
    assert native_tests() == {"good-1.yaml 3", "good-2.yaml 1"}


def test_values_of_rules_that_are_not_chosen_are_no_mistake(cmpolicy: Run, workspace: Path) -> None:
    write(workspace, "my-second:\n  minimum: 5\n")
    assert cmpolicy("build", "--values", "values.yaml", "--rule", "my-first").code == 0


def test_an_empty_file_changes_nothing(cmpolicy: Run, workspace: Path) -> None:
    write(workspace, "# nothing yet\n")
    assert cmpolicy("build", "--values", "values.yaml").code == 0


@pytest.mark.parametrize(
    ("text", "message", "place", "remedy"),
    [
        ("my-frist:\n  minimum: 5\n", "there is no rule `my-frist`", "1:1", "did you mean `my-first`?"),
        ("my-first:\n  minimun: 5\n", "`my-first` has no parameter `minimun`", "2:3", "did you mean `minimum`?"),
        ("'*':\n  minimun: 5\n", "no rule has a parameter `minimun`", "2:3", "did you mean `minimum`?"),
        ("'*':\n  minimum: '5'\n", "`minimum` is of type integer, not `5`", "2:3", "without quotes"),
        ("my-first:\n  minimum: true\n", "`minimum` is of type integer, not `true`", "2:3", "a whole number"),
        ("my-first:\n  names: app\n", "`names` is of type array of string, not `app`", "2:3", "a list of texts"),
        ("my-first:\n  names: [app, 1]\n", 'not `["app", 1]`', "2:3", "a list of texts"),
        ("my-first:\n  minimum:\n", "`minimum` is of type integer, not `null`", "2:3", "a whole number"),
        ("my-first:\n", "`my-first` has no parameters below it", "1:1", "write `rule-id:` and below it"),
        ("- my-first\n", "the file is not one map of rules", "1", "write `rule-id:` and below it"),
        ("my-first: {minimum: 3}\n---\nmy-second: {minimum: 3}\n", "the file is not one map of rules", "1", ""),
        ("my-first:\n  minimum: 3\n  minimum: 4\n", "the key `minimum` is given twice", "3:3", ""),
        ("my-first: [\n", "while parsing a flow node", "2:1", ""),
    ],
)
def test_mistakes_are_shown_where_they_are(
    cmpolicy: Run, workspace: Path, text: str, message: str, place: str, remedy: str
) -> None:
    write(workspace, text)
    result = cmpolicy("build", "--values", "values.yaml")
    assert result.code == 2
    assert message in result.err
    assert f"  --> values.yaml:{place}" in result.err
    assert remedy in result.err
    assert not (workspace / "dist").exists()


def test_a_file_that_is_no_text(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "values.yaml").write_bytes(b"\xff\xfe\x00")
    result = cmpolicy("build", "--values", "values.yaml")
    assert (result.code, "the file is not UTF-8 text" in result.err) == (2, True)


T = ir.ParameterType


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (3, T.INTEGER, 3),
        (2**53, T.INTEGER, None),
        (3.0, T.INTEGER, None),
        (True, T.INTEGER, None),
        (1.5, T.NUMBER, 1.5),
        (float("inf"), T.NUMBER, None),
        ("1.5", T.NUMBER, None),
        ("", T.STRING, ""),
        (1, T.STRING, None),
        (False, T.BOOLEAN, False),
        (0, T.BOOLEAN, None),
        ("512Mi", T.QUANTITY, "512Mi"),
        ("512 Mi", T.QUANTITY, None),
        (512, T.QUANTITY, None),
        ([], T.STRINGS, ()),
        (["a"], T.STRINGS, ("a",)),
        (["a", None], T.STRINGS, None),
        ([80, 443], T.INTEGERS, (80, 443)),
        ([80, "443"], T.INTEGERS, None),
        ({}, T.STRINGS, None),
    ],
)
def test_types_are_strict(value: object, type_: ir.ParameterType, expected: ir.Constant | None) -> None:
    found = constant(value, type_)  # type: ignore[arg-type]
    assert (type(found), found) == (type(expected), expected)


def test_the_helm_value_is_what_the_values_file_asks_for(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "v.yaml").write_text("cm-webhook-replicas: {minimum: 5}\n")
    labels = "{app.kubernetes.io/component: webhook, app.kubernetes.io/name: webhook}"
    (workspace / "m.yaml").write_text(
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w, namespace: cert-manager, labels: {labels}}}\n"
    )
    options = ("--pack", "cert_manager", "--values", "v.yaml")
    checked = ("check", *options, "--rule", "cm-webhook-replicas", "m.yaml")
    assert "  webhook.replicaCount: 5\n" in cmpolicy(*checked).out + "\n"
    (found,) = json.loads(cmpolicy(*checked, "--output", "json").out)["results"]
    assert found["remedy"]["helm"] == {"webhook.replicaCount": 5}
    assert "webhook.replicaCount: 5   (Helm)" in cmpolicy("explain", "cm-webhook-replicas", *options).out


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (2**53 - 1, True),
        (2**53, False),
        (9e15, True),
        (-9e15, True),
        (1e16, False),
        (-1e300, False),
        (float("nan"), False),
    ],
)
def test_numbers_are_those_that_every_engine_takes(value: float, taken: bool) -> None:
    assert constant(value, ir.ParameterType.NUMBER) == (value if taken else None)
