"""`bundle.json`, and what is compared with it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.bundle.compare import Change, Difference, differences
from cmpolicy.bundle.owned import check_owned
from cmpolicy.bundle.places import source_places
from cmpolicy.bundle.record import FILE, KEYS, Build, Entry, Record, entries, parameters_of, read_record
from cmpolicy.bundle.revision import source_revision, source_root
from cmpolicy.bundle.write import write_bundle
from cmpolicy.diagnostics import CmpolicyError
from cmpolicy.pipeline import Folder
from cmpolicy.targets.protocol import File

from tests.sample_rules import RULES

FOLDER = Folder("vap", (File("kustomization.yaml", "list"), File("policies/a.yaml", "text", "a")))
BUILD = Build("1.2.3", "c0ffee", False, {"a": {"minimum": 3}}, {"a": "policies/pack/a.py:12"})
RECORD = Record({"vap": BUILD}, entries([FOLDER]))
SAMPLE = RULES[0]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_bundle(tmp_path, [FOLDER], {FILE: RECORD.text()})
    return tmp_path


def test_the_rules_of_a_target_are_those_that_it_has_files_of() -> None:
    other = Entry("kyverno/policies/b.yaml", "0", "b", "kyverno")
    record = replace(RECORD, files=(*RECORD.files, other))
    assert record.carried("vap") == {"a"}
    assert record.carried("kyverno") == {"b"}
    assert record.carried("datree") == set()


def test_the_record_says_what_was_built_from_what() -> None:
    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert json.loads(RECORD.text()) == {
        "schema": "cmpolicy.bundle/v1",
        "cmpolicy": "1.2.3",
        "revision": "c0ffee",
        "enforce": False,
        "parameters": {"a": {"minimum": 3}},
        "targets": ["vap"],
        "builds": {
            "vap": {
                "cmpolicy": "1.2.3",
                "revision": "c0ffee",
                "enforce": False,
                "parameters": {"a": {"minimum": 3}},
                "sources": {"a": "policies/pack/a.py:12"},
            }
        },
        "files": [
            {"path": "vap/kustomization.yaml", "sha256": digest("list"), "rule": None, "target": "vap"},
            {"path": "vap/policies/a.yaml", "sha256": digest("text"), "rule": "a", "target": "vap"},
        ],
    }


def test_parameters_are_those_of_every_rule_sorted() -> None:
    found = parameters_of(RULES)
    assert list(found) == sorted(rule.id for rule in RULES if rule.parameters)
    assert found["sample-webhook-replicas"] == {"minimum": 3}


def test_files_of_other_targets_stay_listed_and_those_of_these_do_not() -> None:
    kept = Entry("kyverno/policies/a.yaml", "0", "a", "kyverno")
    gone = Entry("vap/policies/gone.yaml", "0", "gone", "vap")
    earlier = Record({"kyverno": BUILD, "vap": replace(BUILD, enforce=True)}, (gone, kept))
    joined = RECORD.with_earlier(earlier)
    assert joined.files == (kept, *RECORD.files)
    assert joined.builds == {"kyverno": BUILD, "vap": BUILD}


def test_at_the_top_stands_what_holds_of_all_targets() -> None:
    other = replace(BUILD, enforce=True, parameters={})
    text = RECORD.with_earlier(Record({"kyverno": other}, ())).text()
    document = json.loads(text)
    assert {key: document[key] for key in KEYS} == {
        "cmpolicy": "1.2.3",
        "revision": "c0ffee",
        "enforce": None,
        "parameters": None,
    }
    assert list(document["builds"]) == ["kyverno", "vap"]
    assert Record({"kyverno": other}, ()).with_earlier(RECORD).text() == text


def test_it_is_read_back(out: Path) -> None:
    assert read_record(out) == RECORD


def test_a_record_that_has_only_its_top_is_read(out: Path) -> None:
    document = json.loads(RECORD.text())
    del document["builds"]
    (out / "bundle.json").write_text(json.dumps(document))
    assert read_record(out) == Record({"vap": replace(BUILD, sources={})}, RECORD.files)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "other", "files": []}', '{"files": [{"path": 1}]}'])
def test_what_is_no_record_lists_no_files(tmp_path: Path, text: str) -> None:
    (tmp_path / "bundle.json").write_text(text)
    assert read_record(tmp_path) == Record({}, ())


def test_a_folder_as_built_does_not_differ(out: Path) -> None:
    assert differences(out, [FOLDER], RECORD) == ()


def test_the_revision_alone_is_no_difference(out: Path) -> None:
    assert differences(out, [FOLDER], Record({"vap": replace(BUILD, revision=None)}, RECORD.files)) == ()


def test_that_rules_have_moved_in_their_files_is_no_difference(out: Path) -> None:
    moved = replace(BUILD, sources={"a": "policies/pack/a.py:13"})
    assert differences(out, [FOLDER], Record({"vap": moved}, RECORD.files)) == ()


def test_a_record_from_before_places_were_told_is_read(tmp_path: Path) -> None:
    document = json.loads(RECORD.text())
    del document["builds"]["vap"]["sources"]
    (tmp_path / FILE).write_text(json.dumps(document))
    assert read_record(tmp_path) == Record({"vap": replace(BUILD, sources={})}, RECORD.files)


def test_parameters_alone_are_a_difference(out: Path) -> None:
    other = Record({"vap": replace(BUILD, parameters={"a": {"minimum": 4}})}, RECORD.files)
    assert differences(out, [FOLDER], other) == (Difference("bundle.json", Change.REPLACE),)


def test_every_kind_of_difference_is_found(out: Path) -> None:
    (out / "vap/kustomization.yaml").unlink()
    (out / "vap/policies/a.yaml").write_text("edited")
    (out / "vap/policies/b.yaml").write_text("stale")
    (out / "other/policies").mkdir(parents=True)
    (out / "other/policies/c.yaml").write_text("not ours")
    assert differences(out, [FOLDER], RECORD) == (
        Difference("vap/kustomization.yaml", Change.ADD),
        Difference("vap/policies/a.yaml", Change.REPLACE),
        Difference("vap/policies/b.yaml", Change.REMOVE),
    )


def test_where_nothing_was_built_everything_is_missing(tmp_path: Path) -> None:
    assert {each.change for each in differences(tmp_path / "no", [FOLDER], RECORD)} == {Change.ADD}


def test_a_folder_that_no_build_wrote_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "vap").mkdir()
    (tmp_path / "vap/precious.yaml").write_text("by hand")
    with pytest.raises(CmpolicyError, match=r"holds what no build wrote, such as `precious\.yaml`"):
        check_owned(tmp_path, [FOLDER])


def test_a_folder_that_a_build_wrote_may_hold_anything(out: Path) -> None:
    (out / "vap/stale.yaml").write_text("")
    check_owned(out, [FOLDER])


def test_files_that_a_build_would_write_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "vap").mkdir()
    (tmp_path / "vap/kustomization.yaml").write_text("")
    check_owned(tmp_path, [FOLDER])


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/rule.py").write_text("one")
    (tmp_path / ".gitignore").write_text("/.venv/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-q", "-m", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


def test_the_revision_is_the_commit(repository: Path) -> None:
    assert source_revision([repository / "pack"]) == git(repository, "rev-parse", "HEAD").strip()


def test_changes_of_a_pack_show_in_the_revision_and_others_do_not(repository: Path) -> None:
    (repository / "other.txt").write_text("new")
    commit = source_revision([repository / "pack"])
    (repository / "pack/rule.py").write_text("two")
    assert source_revision([repository / "pack"]) == f"{commit}-dirty"


def test_an_installed_pack_has_not_the_revision_of_the_repository_around_it(repository: Path) -> None:
    (repository / ".venv/pack").mkdir(parents=True)
    assert source_revision([repository / ".venv/pack"]) is None


def test_without_a_repository_there_is_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert source_revision([tmp_path]) is None


def test_without_git_there_is_no_revision(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert source_revision([repository / "pack"]) is None


@pytest.mark.parametrize("sources", [None, [], {"a": 12}, "a"])
def test_a_record_with_other_places_says_nothing(tmp_path: Path, sources: object) -> None:
    document = json.loads(RECORD.text())
    document["builds"]["vap"]["sources"] = sources
    (tmp_path / FILE).write_text(json.dumps(document))
    assert read_record(tmp_path) == Record({}, ())


def rule_in(file: Path, line: int) -> ir.Rule:
    return replace(SAMPLE, about=replace(SAMPLE.about, location=ir.Location(str(file), line)))


def test_a_rule_stands_where_git_has_its_file(repository: Path) -> None:
    root = source_root([repository / "pack"])
    rule = rule_in(repository / "pack/rule.py", 7)
    assert source_places([rule], root) == {SAMPLE.id: "pack/rule.py:7"}
    assert source_places([rule_in(repository / "pack/../pack/rule.py", 7)], root) == {SAMPLE.id: "pack/rule.py:7"}


def test_a_rule_behind_a_link_stands_in_the_file_that_git_has(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repository / "pack")
    assert source_places([rule_in(tmp_path / "link/rule.py", 7)], source_root([tmp_path / "link"])) == {
        SAMPLE.id: "pack/rule.py:7"
    }


def test_without_a_repository_a_rule_stands_in_its_pack(tmp_path: Path, repository: Path) -> None:
    rule = rule_in(tmp_path.parent / "elsewhere/my_pack/rule.py", 7)
    assert source_places([rule], None) == source_places([rule], repository) == {SAMPLE.id: "my_pack/rule.py:7"}


def test_a_rule_without_a_file_stands_nowhere() -> None:
    assert source_places([replace(SAMPLE, about=replace(SAMPLE.about, location=None))], None) == {}


def test_a_record_that_is_nested_too_deep_says_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[" * 100_000)
    assert read_record(tmp_path) == Record({}, ())
