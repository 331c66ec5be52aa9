"""`cmpolicy list`, `explain`, `targets`, `completion`, and the program as a whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest
from cmpolicy import __version__
from cmpolicy.cli.group import COMMANDS

from tests.cli.conftest import FINE, Run, finish, start, write_rule

IMPORTED = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
HEAVY = ("yaml", "jsonschema", "deepdiff", "cmpolicy.dsl", "cmpolicy.ir", "cmpolicy.load", "cmpolicy.cli.build")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []])
def test_help_and_version_import_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    result = finish(start(*arguments, cwd=tmp_path, code=IMPORTED))
    assert result.code == 0
    assert not set(HEAVY) & set(result.err.split())


def test_listing_rules_reads_no_yaml(workspace: Path) -> None:
    result = finish(start("list", cwd=workspace, code=IMPORTED))
    assert not {"yaml", "jsonschema", "deepdiff", "cmpolicy.targets.vap.package"} & set(result.err.split())


def test_the_version(cmpolicy: Run) -> None:
    assert cmpolicy("--version").out == f"cmpolicy {__version__}\n"


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS), ["new", "rule"], ["new", "target"]])
def test_help_teaches_with_examples(cmpolicy: Run, arguments: list[str]) -> None:
    result = cmpolicy(*arguments, "--help")
    assert (result.code, result.err) == (0, "")
    assert "Example" in result.out
    assert f"  cmpolicy {' '.join(arguments)}".rstrip() in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["buid"], "there is no command `buid`; did you mean `build`?"),
        (["new", "rul"], "there is no command `rul`; did you mean `rule`?"),
        (["list", "--output", "jsn"], "invalid value for '--output': 'jsn' is not one of 'text', 'json'"),
        (["explain"], "missing argument 'RULE'"),
        (["explain", "my-frist"], "did you mean `my-first`?"),
        (["explain", "my-first", "--target", "kyvern"], "did you mean `kyverno`?"),
    ],
)
def test_usage_errors_end_in_2(cmpolicy: Run, workspace: Path, arguments: list[str], message: str) -> None:
    result = cmpolicy(*arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_list(cmpolicy: Run, workspace: Path) -> None:
    assert cmpolicy("list").out.splitlines() == [
        "my_pack   2 rules",
        "  high      my-first   Deployments run enough replicas",
        "  high      my-second  Deployments run enough replicas",
    ]


def test_list_as_json(cmpolicy: Run, workspace: Path) -> None:
    (entry,) = json.loads(cmpolicy("list", "--rule", "my-first", "--output", "json").out)
    assert entry == {
        "id": "my-first",
        "pack": "my_pack",
        "title": "Deployments run enough replicas",
        "severity": "high",
        "kinds": ["apps/v1/Deployment"],
        "parameters": [
            {"name": "minimum", "type": "integer", "default": 2, "description": "Replicas that are enough"},
            {"name": "names", "type": "array of string", "default": ["app"], "description": "Names of Deployments"},
        ],
        "profiles": ["default"],
        "controls": [],
        "source": [],
        "manifestOnly": False,
        "needs": [],
        "targets": dict.fromkeys(["datree", "gatekeeper", "kyverno", "kyverno-cel", "vap"], "exact"),
    }


def test_a_broken_rule_hides_no_other_and_ends_in_2(cmpolicy: Run, workspace: Path) -> None:
    write_rule(workspace, "third", "deployment.spec.replica >= minimum")
    for command in (["list"], ["targets", "--matrix"], ["explain", "my-first"]):
        result = cmpolicy(*command)
        assert result.code == 2
        assert "my-first" in result.out
        assert "did you mean `replicas`?" in result.err


def test_targets(cmpolicy: Run) -> None:
    names = [line.split()[0] for line in cmpolicy("targets").out.splitlines()]
    assert names == ["datree", "gatekeeper", "kyverno", "kyverno-cel", "vap"]
    assert [each["name"] for each in json.loads(cmpolicy("targets", "--output", "json").out)] == names


def test_the_matrix_has_a_row_for_every_rule(cmpolicy: Run, workspace: Path) -> None:
    lines = cmpolicy("targets", "--matrix").out.splitlines()
    assert [line.split() for line in lines[1:3]] == [
        [rule, *["exact"] * 5, "not", "on", "scale"] for rule in ("my-first", "my-second")
    ]
    assert lines[-1] == "2 rules, 5 targets, 0 gaps"
    matrix = json.loads(cmpolicy("targets", "--matrix", "--output", "json").out)
    assert matrix == json.loads(cmpolicy("list", "--output", "json").out)


@pytest.mark.parametrize(
    ("rule", "label"),
    [
        ("cm-webhook-replicas", "not on scale"),
        ("cm-no-legacy-token-secret", "not scanned by Kyverno"),
        ("cm-netpol-explicit-policytypes", "manifests only"),
        ("cm-node-reserved-tainted", "passed over by Kyverno"),
        ("cm-priority-class", ""),
    ],
)
def test_the_matrix_names_holes(cmpolicy: Run, rule: str, label: str) -> None:
    line = cmpolicy("targets", "--matrix", "--pack", "cert_manager", "--rule", rule).out.splitlines()[1]
    assert line.removeprefix(rule).replace("exact", "").strip() == label


def test_explain_says_everything_about_a_rule(cmpolicy: Run, workspace: Path) -> None:
    out = cmpolicy("explain", "my-first").out
    for part in (
        "my-first   high   my_pack",
        "Deployments run enough replicas.",
        f"Condition   {FINE}",
        "Parameters  minimum   integer           2       Replicas that are enough",
        "my-first: {minimum: 2}",
        "Good        replicas: 3",
        "Bad         replicas: 1",
        "vap exact",
        "Hole        `kubectl scale` and autoscalers set replicas through the scale subresource, which no target",
        "File        policies/my_pack/first.py:",
    ):
        assert part in out


def test_explain_shows_no_hole_where_there_is_none(cmpolicy: Run, workspace: Path) -> None:
    rule = write_rule(workspace, "first", "deployment.spec.minReadySeconds >= minimum")
    rule.write_text(rule.read_text().replace('"replicas"', '"minReadySeconds"'))
    result = cmpolicy("explain", "my-first")
    assert (result.code, result.err) == (0, "")
    assert "Hole" not in result.out


def test_a_field_that_not_every_kubernetes_has_is_told(cmpolicy: Run, workspace: Path) -> None:
    condition = "containers(deployment.spec.template.spec).all(lambda c: c.restartPolicy.absent())"
    rule = write_rule(workspace, "first", condition)
    text = rule.read_text().replace(
        '{"replicas": replicas}',
        '{"template": {"spec": {"initContainers": [{"restartPolicy": "Always"} if replicas < 2 else {}]}}}',
    )
    rule.write_text(text.replace("import Condition", "import Condition, containers"))
    needed = "`spec.template.spec.containers[].restartPolicy` needs Kubernetes >= 1.28"
    assert f"Needs       {needed}\n" in cmpolicy("explain", "my-first").out
    matrix = cmpolicy("targets", "--matrix").out
    assert f"my-first: {needed}\n" in matrix
    assert ["my-first", *["exact"] * 5, "Kubernetes", ">=", "1.28"] in [line.split() for line in matrix.splitlines()]
    (entry,) = json.loads(cmpolicy("list", "--rule", "my-first", "--output", "json").out)
    assert entry["needs"] == [{"field": "spec.template.spec.containers[].restartPolicy", "since": "1.28", "until": ""}]


def test_explain_prints_what_a_rule_becomes(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--target", "gatekeeper")
    built = [(workspace / f"dist/gatekeeper/{name}/my-first.yaml").read_text() for name in ("constraints", "templates")]
    out = cmpolicy("explain", "my-first", "--target", "gatekeeper").out
    assert out == f"# constraints/my-first.yaml\n{built[0]}---\n# templates/my-first.yaml\n{built[1]}"


def test_explain_prints_the_ir(cmpolicy: Run, workspace: Path) -> None:
    assert "  obj.spec.replicas >= $minimum\n" in cmpolicy("explain", "my-first", "--ir").out.replace("    ", "  ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_ask_the_program(cmpolicy: Run, shell: str) -> None:
    result = cmpolicy("completion", shell)
    assert result.code == 0
    assert f"_CMPOLICY_COMPLETE={shell}_complete" in result.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cmpolicy b", ["build"]),
        ("cmpolicy build --target ky", ["kyverno", "kyverno-cel"]),
        ("cmpolicy build --pack my", ["my_pack"]),
        ("cmpolicy explain my-f", ["my-first"]),
    ],
)
def test_completion(workspace: Path, words: str, expected: list[str]) -> None:
    count = str(len(words.split()) - 1)
    env = {"_CMPOLICY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    result = finish(start(cwd=workspace, env=env))
    assert [line.partition(",")[2] for line in result.out.split()] == expected


def test_a_bug_is_told_in_a_paragraph(workspace: Path) -> None:
    broken = (
        "import cmpolicy.pipeline as p\ndef broken(*_, **__): raise RuntimeError('two\\nlines')\np.package_all = broken"
    )
    result = finish(start("build", cwd=workspace, code=broken))
    assert result.code == 2
    assert result.err.startswith("error[bug]: cmpolicy has a bug: RuntimeError: two\n")
    assert "CMPOLICY_DEBUG=1" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in finish(start("build", cwd=workspace, code=broken, env={"CMPOLICY_DEBUG": "1"})).err


def test_a_closed_pipe_is_no_error(workspace: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = to_stdout(closed, workspace)
    assert (done.returncode, done.stderr) == (141, "")


def to_stdout(stdout: TextIO, cwd: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [Path(sys.executable).with_name("cmpolicy"), "list"]
    return subprocess.run(command, cwd=cwd, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


def test_output_to_a_full_disk_is_told(workspace: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = to_stdout(full, workspace)
    assert (done.returncode, done.stderr) == (2, "error[file]: no space left on device\n")


def test_no_color_unless_on_a_terminal(cmpolicy: Run, workspace: Path) -> None:
    assert "\x1b" not in cmpolicy("list").out
