"""`cmpolicy build`."""

from __future__ import annotations

import hashlib
import json
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Run, finish, start, tree, write_rule

ALL = ["datree", "gatekeeper", "kyverno", "kyverno-cel", "vap"]


def test_every_target_is_built_when_none_is_named(cmpolicy: Run, workspace: Path) -> None:
    result = cmpolicy("build")
    assert (result.code, result.err) == (0, "")
    assert sorted(path.name for path in (workspace / "dist").iterdir()) == sorted(["bundle.json", "rules.json", *ALL])


def test_the_layout_is_as_documented(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--rule", "my-first")
    files = {path for path in tree(workspace / "dist") if "/tests/" not in path}
    assert files == {
        "bundle.json",
        "rules.json",
        "datree/policies.yaml",
        "gatekeeper/constraints/my-first.yaml",
        "gatekeeper/kustomization.yaml",
        "gatekeeper/templates/my-first.yaml",
        *(f"{name}/{file}" for name in ALL[2:] for file in ("kustomization.yaml", "policies/my-first.yaml")),
    }


def test_every_target_has_native_tests(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    assert {path.split("/")[0] for path in tree(workspace / "dist") if "/tests/" in path} == set(ALL)


def test_it_says_what_it_did_and_what_to_do_next(cmpolicy: Run, workspace: Path) -> None:
    out = cmpolicy("build", "--target", "kyverno").out
    assert "Built 2 rules for kyverno in " in out
    assert "my_pack    2 rules   2 high" in out
    assert "action: audit (nothing is blocked; --enforce blocks)" in out
    assert out.count("Note: Kyverno refuses new ClusterPolicies from 1.20 on") == 1
    assert "Next: kubectl apply -k dist/kyverno" in out


def test_the_note_is_for_kyverno_only(cmpolicy: Run, workspace: Path) -> None:
    assert "Note:" not in cmpolicy("build", "--target", "kyverno-cel", "--target", "vap").out


def test_enforcing_is_said_and_recorded(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--target", "vap")
    audit = tree(workspace / "dist")
    result = cmpolicy("build", "--target", "vap", "--enforce")
    assert "action: enforce (what fails is blocked)" in result.out
    enforced = tree(workspace / "dist")
    assert json.loads(enforced["bundle.json"])["enforce"] is True
    assert enforced["vap/policies/my-first.yaml"] != audit["vap/policies/my-first.yaml"]


def test_the_record_has_the_digest_of_every_file(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    files = tree(workspace / "dist")
    record = json.loads(files.pop("bundle.json"))
    assert record["schema"] == "cmpolicy.bundle/v1"
    assert record["parameters"] == {rule: {"minimum": 2, "names": ["app"]} for rule in ("my-first", "my-second")}
    listed = {each["path"]: each["sha256"] for each in record["files"]}
    listed_rules = {record["rules"]["path"]: record["rules"]["sha256"]}
    assert listed | listed_rules == {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    assert [each["path"] for each in record["files"]] == sorted(listed)


def test_only_the_chosen_targets_folders_change(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    (workspace / "dist/README.md").write_text("kept")
    before = tree(workspace / "dist")
    cmpolicy("build", "--target", "vap", "--enforce")
    after = tree(workspace / "dist")
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"bundle.json", "vap/policies/my-first.yaml", "vap/policies/my-second.yaml"}
    assert len(json.loads(after["bundle.json"])["files"]) == len(before) - 3  # README.md, bundle.json, rules.json


def test_files_of_rules_that_are_gone_are_removed(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--target", "vap")
    (workspace / "policies/my_pack/second.py").unlink()
    result = cmpolicy("build", "--target", "vap")
    assert "vap/policies/my-second.yaml" not in tree(workspace / "dist")
    assert "removed 5 files that this build does not write" in result.out


def test_the_same_again_changes_no_byte(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    before = tree(workspace / "dist")
    cmpolicy("build")
    assert tree(workspace / "dist") == before


def test_check_accepts_what_was_just_built_and_writes_nothing(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    before = tree(workspace)
    result = cmpolicy("build", "--check")
    assert (result.code, result.out) == (0, "dist is up to date.\n")
    assert tree(workspace) == before


def test_check_names_what_differs_and_writes_nothing(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--target", "vap")
    (workspace / "dist/vap/policies/my-first.yaml").write_text("edited")
    before = tree(workspace)
    result = cmpolicy("build", "--check", "--target", "vap")
    assert result.code == 1
    assert "changed    dist/vap/policies/my-first.yaml" in result.out
    assert tree(workspace) == before


def test_check_without_a_folder_makes_none(cmpolicy: Run, workspace: Path) -> None:
    assert cmpolicy("build", "--check").code == 1
    assert not (workspace / "dist").exists()


@pytest.mark.parametrize("later", [(), ("--target", "kyverno")])
def test_a_part_of_what_was_built_is_up_to_date(cmpolicy: Run, workspace: Path, later: tuple[str, ...]) -> None:
    cmpolicy("build")
    cmpolicy("build", "--target", "kyverno")
    assert cmpolicy("build", "--check", *later).code == 0
    assert json.loads((workspace / "dist" / "bundle.json").read_text())["targets"] == ALL


def test_what_was_built_with_other_values_stays_up_to_date_in_itself(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "v.yaml").write_text("my-first: {minimum: 7}\n")
    other = ("--target", "vap", "--values", "v.yaml", "--enforce")
    for first, second in ((other, ("--target", "kyverno")), (("--target", "kyverno"), other)):
        cmpolicy("build", *first)
        cmpolicy("build", *second)
        assert [cmpolicy("build", "--check", *each).code for each in (first, second)] == [0, 0]
    builds = json.loads((workspace / "dist" / "bundle.json").read_text())["builds"]
    assert {target: each["parameters"]["my-first"]["minimum"] for target, each in builds.items()} == {
        "kyverno": 2,
        "vap": 7,
    }
    assert {target: each["enforce"] for target, each in builds.items()} == {"kyverno": False, "vap": True}


def test_the_record_tells_where_each_rule_stands(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build", "--target", "vap")
    (build,) = json.loads((workspace / "dist" / "bundle.json").read_text())["builds"].values()
    lines = (workspace / "policies/my_pack/first.py").read_text().splitlines()
    file, _, line = build["sources"]["my-first"].rpartition(":")
    assert file == "my_pack/first.py"
    assert lines[int(line) - 1].startswith("def first(")


def test_gaps_are_listed_and_end_in_1_unless_allowed(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies/my_pack/change.py").write_text(OLD_RULE)
    result = cmpolicy("build", "--target", "datree", "--target", "vap")
    assert result.code == 1
    assert "datree  my-change  never: " in result.err
    assert "--allow-gaps accepts them" in result.err
    assert "vap/policies/my-change.yaml" in tree(workspace / "dist")
    allowed = cmpolicy("build", "--target", "datree", "--target", "vap", "--allow-gaps")
    assert (allowed.code, allowed.err) == (0, "")
    assert "datree  my-change  never: " in allowed.out


OLD_RULE = '''\
"""my-change"""

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Namespace


def example(name):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@rule(severity="low", match=match(Namespace), message="renamed", good=[example("a")], bad=[example("b")])
def change(namespace: Namespace, old: Namespace) -> Condition:
    """Namespaces keep their name."""
    return (namespace.metadata.name == "a") | (namespace.metadata.name == old.metadata.name)
'''


# The author is wrong


def test_a_broken_rule_stops_the_build_and_no_other_diagnostic(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    before = tree(workspace / "dist")
    write_rule(workspace, "third", "deployment.spec.replica >= minimum")
    write_rule(workspace, "fourth", "deployment.spec.replicas >= (minimum")
    result = cmpolicy("build")
    assert result.code == 2
    assert "error[field]: `DeploymentSpec` has no field `replica`\n  --> policies/my_pack/third.py:" in result.err
    assert "^^^^^^^ did you mean `replicas`?" in result.err
    assert "error[syntax]: '(' was never closed" in result.err
    assert result.err.endswith("2 errors; 2 other rules are fine. Nothing was written.\n")
    assert tree(workspace / "dist") == before


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (["--target", "kyvrno"], "there is no target `kyvrno`", "did you mean `kyverno`?"),
        (["--rule", "my-frist"], "there is no rule `my-frist`", "did you mean `my-first`?"),
        (["--pack", "my_pak"], "there is no pack `my_pak`", "did you mean `my_pack`?"),
        (["--pack", "."], "`.` holds no pack", "a pack is a folder whose `__init__.py` sets `PACK`"),
        (["--values", "no.yaml"], "cannot read `no.yaml`: no such file or directory", ""),
        (["--out"], "option '--out' requires an argument", "--help` shows what it takes"),
    ],
)
def test_what_there_is_not(cmpolicy: Run, workspace: Path, arguments: list[str], message: str, remedy: str) -> None:
    result = cmpolicy("build", *arguments)
    assert result.code == 2
    assert message in result.err
    assert remedy in result.err
    assert not (workspace / "dist").exists()


def test_packs_are_found_by_name_and_by_folder(cmpolicy: Run, workspace: Path) -> None:
    for pack in ("my_pack", "policies/my_pack", "policies"):
        assert "Built 2 rules" in cmpolicy("build", "--target", "vap", "--pack", pack).out
    assert "cert_manager" in cmpolicy("build", "--target", "vap", "--pack", "cert_manager").out


def test_without_packs_here_the_built_in_ones_are_built(
    cmpolicy: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "cert_manager" in cmpolicy("build", "--target", "vap").out


# The system is against us


def test_a_folder_of_someone_else_is_left_alone(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "vap").mkdir()
    (workspace / "vap/mine.yaml").write_text("by hand")
    result = cmpolicy("build", "--target", "vap", "--out", ".")
    assert result.code == 2
    assert "holds what no build wrote, such as `mine.yaml`" in result.err
    assert not (workspace / "bundle.json").exists()


def test_an_output_folder_that_is_a_file(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "dist").write_text("")
    result = cmpolicy("build", "--target", "vap")
    assert result.code == 2
    assert "error[write]: cannot write to `dist`" in result.err


def test_an_output_folder_that_cannot_be_made(cmpolicy: Run, workspace: Path) -> None:
    result = cmpolicy("build", "--target", "vap", "--out", "/proc/dist")
    assert result.code == 2
    assert "error[write]: cannot write to `/proc/dist`" in result.err


LIMIT_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))"


def test_when_files_cannot_grow_nothing_changes(cmpolicy: Run, workspace: Path) -> None:
    cmpolicy("build")
    before = tree(workspace)
    result = finish(start("build", "--enforce", cwd=workspace, code=LIMIT_FILES, env={"PYTHONDONTWRITEBYTECODE": "1"}))
    assert result.code == 2
    assert "error[write]: cannot write to `dist`: file too large" in result.err
    assert "Traceback" not in result.err
    assert tree(workspace) == before


PAUSE = """
import time
from cmpolicy.bundle import write
real = write._write
def slow(path, text):
    if path.endswith("/my-second.yaml"):
        print("here", flush=True)
        time.sleep(30)
    real(path, text)
write._write = slow
"""


BESIDE = f"import cmpolicy.pipeline as pipeline\npipeline.MANY = 1\n{PAUSE.replace('/my-second', '/kyverno/policies/my-second')}"
"""The same while a process of its own writes the files of `kyverno`, where there can be one."""


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGINT, 130, "interrupted; nothing half-written stays\n"),
        (signal.SIGTERM, 143, ""),
        (signal.SIGHUP, 129, ""),
    ],
)
@pytest.mark.parametrize("pause", [PAUSE, BESIDE], ids=["here", "beside"])
def test_a_signal_in_the_middle_changes_nothing(
    cmpolicy: Run, workspace: Path, pause: str, number: signal.Signals, code: int, message: str
) -> None:
    chosen = ("build", "--target", "vap", "--target", "kyverno")
    cmpolicy(*chosen)
    before = tree(workspace)
    env = {"PYTHONDONTWRITEBYTECODE": "1"}
    process = start(*chosen, "--enforce", cwd=workspace, code=pause, env=env)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(number)
    result = finish(process)
    assert (result.code, result.err) == (code, message)
    assert tree(workspace) == before


@pytest.mark.parametrize("name", ["bundle.json", "rules.json", "vap"])
@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_what_no_build_wrote_is_not_replaced(cmpolicy: Run, workspace: Path, name: str, is_folder: bool) -> None:
    mine = workspace / "dist" / name / "mine" if is_folder else workspace / "dist" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("{}")
    result = cmpolicy("build", "--target", "vap")
    assert (result.code, tree(workspace / "dist")) == (2, {mine.relative_to(workspace / "dist").as_posix(): b"{}"})
    assert f"dist/{name}`" in result.err
