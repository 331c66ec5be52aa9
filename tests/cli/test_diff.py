"""`cmpolicy diff`: what it compares, what it says, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest
from cmpolicy.yaml.reader import Document, read_text
from jsonschema import Draft202012Validator

from tests.cli.conftest import FINE, Run, commit, git, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
OTHERWISE = "deployment.metadata.name.is_in(names) & ~(~(deployment.spec.replicas >= minimum))"
UNRELATED = "deployment.spec.paused.is_true() | (deployment.spec.replicas == 3)"


def meanings(cmpolicy: Run, *arguments: str) -> dict[str, str]:
    """Per changed rule its meaning, by JSON."""
    return {change["rule"] or change["old_rule"]: change["meaning"] for change in changes(cmpolicy, *arguments)}


def changes(cmpolicy: Run, *arguments: str) -> list[dict[str, str]]:
    found = json.loads(cmpolicy("diff", "--output", "json", *arguments).out)
    return cast("list[dict[str, str]]", found["changes"])


def test_nothing_changed(cmpolicy: Run, repository: Path) -> None:
    result = cmpolicy("diff", "main")
    assert (result.code, result.out, result.err) == (0, "main -> working tree: 2 rules unchanged\n", "")


def test_a_tightened_rule_is_told_with_an_object(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", HIGHER)
    result = cmpolicy("diff", "main")
    assert result.code == 1
    assert "my-first  TIGHTENED   on 5 targets   proved, with the parameters' defaults" in result.out
    assert "policies/my_pack/first.py:12" in result.out
    assert "- (deployment.spec.replicas >= minimum) & deployment.metadata.name.is_in(names)" in result.out
    assert "+ (deployment.spec.replicas > minimum) & deployment.metadata.name.is_in(names)" in result.out
    assert "now rejected, was accepted:" in result.out
    assert "main -> working tree: 1 tightened, 1 rule unchanged" in result.out


def test_the_object_that_is_shown_can_be_applied(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", HIGHER)
    out = cmpolicy("diff", "main").out
    shown = out.partition("was accepted:\n")[2].partition("\n    message:")[0]
    (read,) = read_text("\n".join(line.removeprefix("    ") for line in shown.splitlines()), "shown")
    assert isinstance(read, Document)
    assert isinstance(read.value, Mapping)
    assert (read.value["kind"], cast("Mapping[str, object]", read.value["spec"])["replicas"]) == ("Deployment", 2)


def test_a_mixed_change_shows_both_directions(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", UNRELATED)
    out = cmpolicy("diff", "main").out
    assert "my-first  MIXED" in out
    assert out.count("now accepted, was rejected:") == out.count("now rejected, was accepted:") == 1


def test_what_is_only_written_otherwise_is_equivalent(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", OTHERWISE)
    result = cmpolicy("diff", "main")
    assert result.code == 0
    assert "my-first  equivalent (generated text only)   on 5 targets   proved\n" in result.out


def test_the_default_is_the_working_tree_against_where_it_left_the_default_branch(
    cmpolicy: Run, repository: Path
) -> None:
    write_rule(repository, "first", HIGHER)
    commit(repository)
    git(repository, "checkout", "-q", "main")
    write_rule(repository, "second", HIGHER)
    commit(repository)
    git(repository, "checkout", "-q", "work")
    assert meanings(cmpolicy) == {"my-first": "tightened"}
    assert meanings(cmpolicy, "main") == {"my-first": "tightened", "my-second": "loosened"}
    assert meanings(cmpolicy, "main...work") == {"my-first": "tightened"}
    assert meanings(cmpolicy, "work..main") == {"my-first": "loosened", "my-second": "tightened"}


@pytest.mark.parametrize("spec", ["HEAD", "main:policies", "HEAD:./policies", "HEAD:policies/my_pack", "HEAD:"])
def test_a_revision_is_named_as_git_does(spec: str, cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", HIGHER)
    assert meanings(cmpolicy, spec, "policies") == {"my-first": "tightened"}


def test_below_the_root_of_a_repository_the_rules_are_those_below_too(
    cmpolicy: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "team").mkdir()
    git(repository, "mv", "policies", "team/policies")
    commit(repository)
    write_rule(repository / "team", "first", HIGHER)
    monkeypatch.chdir(repository / "team")
    assert meanings(cmpolicy, "HEAD") == {"my-first": "tightened"}


def test_rules_come_go_and_get_other_names(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "third", UNRELATED)
    pack = repository / "policies/my_pack"
    (pack / "first.py").unlink()
    (pack / "second.py").unlink()
    write_rule(repository, "renamed")
    found = {change["rule"] or change["old_rule"]: change for change in changes(cmpolicy, "main")}
    assert {name: (each["status"], each["old_rule"], each["meaning"]) for name, each in found.items()} == {
        "my-renamed": ("renamed", "my-first", "equivalent"),
        "my-second": ("removed", "my-second", "loosened"),
        "my-third": ("added", None, "tightened"),
    }


def test_a_rule_that_moves_to_another_pack_is_still_the_rule(cmpolicy: Run, repository: Path) -> None:
    git(repository, "mv", "policies/my_pack", "policies/other_pack")
    (change, *_) = changes(cmpolicy, "main")
    assert (change["status"], change["meaning"]) == ("kept", "equivalent")
    assert {"aspect": "metadata", "text": 'pack: "my_pack" -> "other_pack"'} in cast("list[object]", change["aspects"])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('severity="high"', 'severity="low"', 'metadata: severity: "high" -> "low"'),
        ('message="too few replicas"', 'message="few"', 'message:\n  - "too few replicas"\n  + "few"\n'),
        ("minimum: int = 2, names", "least: int = 2, names", "parameter schema broken: minimum removed"),
        ("minimum: int = 2", "minimum: int = 3", "parameter default changed: minimum: 2 -> 3"),
        (
            ") -> Condition",
            ', label: str = "x") -> Condition',
            'parameter schema extended: label added, string, by default "x"',
        ),
        ("match(Deployment)", "match(Deployment, Pod)", "scope wider: kind v1/Pod added"),
    ],
)
def test_what_else_changed_is_told(before: str, after: str, told: str, cmpolicy: Run, repository: Path) -> None:
    file = repository / "policies/my_pack/first.py"
    text = file.read_text().replace(before, after, 1)
    if "least" in after:
        text = text.replace(">= minimum", ">= least").replace("        minimum:", "        least:")
    if "label" in after:
        text = text.replace("        names: Names", "        label: A label\n        names: Names")
    if "Pod" in after:
        text = text.replace("import Deployment", "import Deployment, Pod").replace(
            "deployment: Deployment", "deployment: Deployment | Pod"
        )
        text = text.replace("deployment.spec.replicas >= minimum", "deployment.metadata.name.exists()")
        text = text.replace("bad=[example(1)]", 'bad=[{**example(1), "metadata": {"name": "no"}}]')
    file.write_text(text)
    result = cmpolicy("diff", "main", "policies")
    assert told in result.out, result


def built(cmpolicy: Run, out: str, *options: str) -> str:
    assert cmpolicy("build", "--out", out, *options).code == 0
    return out


def test_bundles_are_compared_without_any_rule(cmpolicy: Run, workspace: Path) -> None:
    built(cmpolicy, "old")
    write_rule(workspace, "first", HIGHER)
    built(cmpolicy, "new")
    for file in (workspace / "policies/my_pack").iterdir():
        if file.is_file():
            file.unlink()
    assert meanings(cmpolicy, "old", "new") == {"my-first": "tightened"}
    assert meanings(cmpolicy, "new", "old") == {"my-first": "loosened"}


def test_a_bundle_is_compared_with_the_rules_that_it_was_built_from(cmpolicy: Run, workspace: Path) -> None:
    assert cmpolicy("diff", built(cmpolicy, "dist")).out == "dist -> working tree: 2 rules unchanged\n"


def test_a_bundle_in_a_revision_is_read_and_not_run(cmpolicy: Run, repository: Path) -> None:
    built(cmpolicy, "dist")
    commit(repository)
    write_rule(repository, "first", HIGHER)
    assert meanings(cmpolicy, "HEAD:dist") == {"my-first": "tightened"}


def test_what_is_blocked_is_told(cmpolicy: Run, workspace: Path) -> None:
    built(cmpolicy, "audit", "--target", "vap")
    built(cmpolicy, "enforce", "--target", "vap", "--enforce")
    result = cmpolicy("diff", "audit", "enforce")
    assert (
        "my-first   equivalent (action raised only)   on vap   proved\n  action raised: vap: audit -> enforce"
        in result.out
    )
    assert cmpolicy("diff", "--fail-on", "breaking", "audit", "enforce").code == 1
    assert cmpolicy("diff", "--fail-on", "loosened", "audit", "enforce").code == 0
    assert cmpolicy("diff", "--fail-on", "loosened", "enforce", "audit").code == 1


def test_targets_that_were_built_differently_disagree(cmpolicy: Run, workspace: Path) -> None:
    built(cmpolicy, "old", "--target", "vap", "--target", "kyverno")
    (workspace / "values.yaml").write_text("my-first:\n  minimum: 3\n")
    (workspace / "lower.yaml").write_text("my-first:\n  minimum: 1\n")
    built(cmpolicy, "new", "--target", "vap", "--values", "values.yaml")
    built(cmpolicy, "new", "--target", "kyverno", "--values", "lower.yaml")
    result = cmpolicy("diff", "old", "new", "--rule", "my-first")
    assert result.code == 3
    assert result.out.count("targets disagree: elsewhere this change means something else") == 2


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (HIGHER, {"tightened": 1, "breaking": 1, "any": 1, "loosened": 0, "unknown": 0, "nothing": 0}),
        (f"{FINE} | deployment.spec.paused.is_true()", {"loosened": 1, "any": 1, "tightened": 0, "breaking": 0}),
        (OTHERWISE, {"any": 0, "unknown": 0}),
        (f'{FINE} & ~deployment.spec.strategy.type.matches("^a$")', {"tightened": 1, "unknown": 0}),
    ],
)
def test_a_gate_stops_what_it_names(condition: str, codes: Mapping[str, int], cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", condition)
    assert {gate: cmpolicy("diff", "--fail-on", gate, "main").code for gate in codes} == codes


def test_what_is_not_proved_is_never_called_equivalent(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", f'{FINE} & ~(deployment.spec.strategy.type == "a")')
    commit(repository)
    write_rule(repository, "first", f'{FINE} & ~deployment.spec.strategy.type.matches("^a$")')
    result = cmpolicy("diff", "--fail-on", "unknown", "HEAD")
    assert result.code == 1
    assert "no difference found" in result.out
    assert "sampled (" in result.out
    assert "equivalent" not in result.out.replace("neither proved equivalent", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such"], "there is no folder and no revision `no-such`"),
        (["main:no-such"], "there is no folder `no-such` in `main`"),
        (["main:policies/my_pack/first.py"], "there is no folder `policies/my_pack/first.py` in `main`"),
        (["policies/my_pack/first.py"], "`policies/my_pack/first.py` is a file"),
        (["empty"], "`empty` holds neither rules nor a bundle"),
        (["--upload-pack=x"], "no such option"),
        (["main", "--target", "no"], "there is no target `no`"),
        (["main", "--rule", ""], "it is empty"),
        (["main..other"], "there is no folder and no revision `other`"),
    ],
)
def test_what_cannot_be_compared_is_told_why(
    arguments: Sequence[str], said: str, cmpolicy: Run, repository: Path
) -> None:
    (repository / "empty").mkdir()
    result = cmpolicy("diff", *arguments)
    assert result.code == 2
    assert said in result.err


def test_outside_of_a_repository_only_folders_are_compared(
    cmpolicy: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.parent))
    assert "`main` is no folder, and no revision either" in cmpolicy("diff", "main").err
    assert "no default branch is known here" in cmpolicy("diff").err
    assert cmpolicy("diff", "policies").code == 0


def test_a_shallow_clone_without_the_merge_base_is_told(
    cmpolicy: Run, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rule(repository, "first", HIGHER)
    commit(repository)
    git(repository, "checkout", "-q", "main")
    write_rule(repository, "second", HIGHER)
    commit(repository)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repository}", str(clone))
    git(clone, "checkout", "-q", "work")
    monkeypatch.chdir(clone)
    result = cmpolicy("diff")
    assert result.code == 2
    assert "this clone is shallow and does not reach back to it" in result.err
    assert "git fetch --unshallow" in result.err


def test_a_broken_rule_does_not_hide_the_others(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", "deployment.spec.replica >= minimum")
    write_rule(repository, "second", HIGHER)
    result = cmpolicy("diff", "main")
    assert result.code == 2
    assert "did you mean `replicas`?" in result.err
    assert "not compared, as a side cannot be read (see the errors): my-first" in result.out
    assert "my-second  TIGHTENED" in result.out
    assert "removed" not in result.out


def test_a_broken_rule_of_a_revision_is_told_with_its_place_there(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", "deployment.spec.replica >= minimum")
    commit(repository)
    write_rule(repository, "first")
    result = cmpolicy("diff", "HEAD")
    assert result.code == 2
    assert "--> HEAD:policies/my_pack/first.py:19:28" in result.err


def test_bundles_of_another_time_are_told(cmpolicy: Run, workspace: Path) -> None:
    built(cmpolicy, "dist", "--target", "vap")
    rules = workspace / "dist/rules.json"
    text = rules.read_text()
    rules.write_text(text.replace("cmpolicy.rules/v1", "cmpolicy.rules/v9"))
    result = cmpolicy("diff", "dist")
    assert (result.code, "its schema is `cmpolicy.rules/v9`" in result.err) == (2, True)
    rules.write_text(text.replace('["compare",', '["later",', 1))
    result = cmpolicy("diff", "dist")
    assert (result.code, "that this cmpolicy knows" in result.err) == (2, True)
    assert "not compared" in result.out
    assert "1 rule unchanged" in result.out
    rules.unlink()
    result = cmpolicy("diff", "dist")
    assert (result.code, "build it again" in result.err) == (2, True)


def test_the_rules_of_a_revision_run_in_a_bare_process(
    cmpolicy: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = repository / "policies/my_pack/first.py"
    spying = 'import os, sys\nprint("noise")\nassert "SECRET" not in os.environ, "seen"\nassert not sys.stdin.read()\n'
    file.write_text(file.read_text().replace("from cmpolicy.dsl", f"{spying}from cmpolicy.dsl", 1))
    commit(repository)
    git(repository, "checkout", "-q", "main", "--", "policies")
    monkeypatch.setenv("SECRET", "x")
    result = cmpolicy("diff", "work")
    assert (result.code, result.out) == (0, "work -> working tree: 2 rules unchanged\n")


def test_a_revision_whose_code_ends_its_process_is_told(cmpolicy: Run, repository: Path) -> None:
    init = repository / "policies/my_pack/__init__.py"
    init.write_text("import os\nos._exit(7)\n" + init.read_text())
    commit(repository)
    git(repository, "checkout", "-q", "main", "--", "policies")
    result = cmpolicy("diff", "work")
    assert result.code == 2
    assert "the rules of the revision do not load: their process ended with 7" in result.err


def test_filters_of_a_repository_have_no_say(cmpolicy: Run, repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py export-ignore\n")
    commit(repository)
    assert cmpolicy("diff", "HEAD").out == "HEAD -> working tree: 2 rules unchanged\n"


def test_the_json_is_as_its_schema_says(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", UNRELATED)
    document = json.loads(cmpolicy("diff", "--output", "json", "main").out)
    schema = json.loads((Path(__file__).parents[2] / "docs/diff.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    (change,) = document["changes"]
    assert change["tightened"]["witness"]["object"]["kind"] == "Deployment"
    assert document["summary"] == {"mixed": 1, "unchanged": 1}


def test_a_fingerprint_stays_while_the_change_does(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", HIGHER)
    (one,) = changes(cmpolicy, "main")
    file = repository / "policies/my_pack/first.py"
    file.write_text(f"# moved down\n{file.read_text()}")
    (other,) = changes(cmpolicy, "main")
    write_rule(repository, "first", UNRELATED)
    (third,) = changes(cmpolicy, "main")
    assert one["fingerprint"] == other["fingerprint"] != third["fingerprint"]


def test_generated_text_is_shown_by_object_and_field(cmpolicy: Run, repository: Path) -> None:
    write_rule(repository, "first", HIGHER)
    out = cmpolicy("diff", "--text", "--target", "vap", "main").out
    assert "vap  ValidatingAdmissionPolicy my-first spec/validations/0/expression: " in out
    assert "ValidatingAdmissionPolicy" not in cmpolicy("diff", "--target", "vap", "main").out


def test_a_rule_that_no_side_has_is_an_error(cmpolicy: Run, repository: Path) -> None:
    result = cmpolicy("diff", "--rule", "my-frist")
    assert result.code == 2
    assert "there is no rule `my-frist`" in result.err
    assert "did you mean `my-first`?" in result.err
    assert cmpolicy("diff", "--rule", "my-first").code == 0
