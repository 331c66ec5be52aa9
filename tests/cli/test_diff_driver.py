"""`cmpolicy diff` as Git's external diff, run by Git itself."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import FINE, Run, commit, git, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
COMMAND = f"{shlex.quote(sys.executable)} -m cmpolicy diff --target vap"


@pytest.fixture
def driven(repository: Path) -> Path:
    """The repository, set up as `docs/diff.md` says."""
    (repository / ".gitattributes").write_text("policies/**/*.py diff=cmpolicy\n")
    commit(repository)
    git(repository, "config", "diff.cmpolicy.command", COMMAND)
    return repository


def shown(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert "Traceback" not in done.stderr
    return f"{done.stdout}{done.stderr}"


def test_a_rule_is_shown_with_what_its_change_means(driven: Path) -> None:
    write_rule(driven, "first", HIGHER)
    out = shown(driven, "diff")
    assert out.startswith(
        "diff --git a/policies/my_pack/first.py b/policies/my_pack/first.py\n"
        "--- a/policies/my_pack/first.py\n+++ b/policies/my_pack/first.py\n@@ -"
    )
    assert "my-first  TIGHTENED   on vap   proved" in out
    assert "  policies/my_pack/first.py:12\n" in out
    assert "now rejected, was accepted:" in out
    assert out.count("my-second") == 0


def test_below_the_top_it_is_the_same(driven: Path) -> None:
    write_rule(driven, "first", HIGHER)
    assert "my-first  TIGHTENED" in shown(driven / "policies/my_pack", "diff")


def test_every_changed_rule_is_shown_and_the_index_and_revisions_too(driven: Path) -> None:
    for name in ("first", "second"):
        write_rule(driven, name, HIGHER)
    git(driven, "add", ".")
    out = shown(driven, "diff", "--cached")
    assert "my-first  TIGHTENED" in out
    assert "my-second  TIGHTENED" in out
    commit(driven)
    assert "my-second  LOOSENED" in shown(driven, "diff", "HEAD", "HEAD~1")
    assert "my-second  TIGHTENED" in shown(driven, "log", "-1", "-p", "--ext-diff")


def test_added_deleted_and_renamed_files(driven: Path) -> None:
    write_rule(driven, "third")
    git(driven, "rm", "-q", "policies/my_pack/second.py")
    git(driven, "mv", "policies/my_pack/first.py", "policies/my_pack/fourth.py")
    git(driven, "add", ".")
    out = shown(driven, "diff", "--cached", "--no-renames")
    assert "my-third  added, TIGHTENED" in out
    assert "my-second  removed, LOOSENED" in out
    assert "new file mode 100644\n--- /dev/null\n+++ b/policies/my_pack/third.py" in out
    assert "deleted file mode 100644\n--- a/policies/my_pack/second.py\n+++ /dev/null" in out
    git(driven, "rm", "-qf", "policies/my_pack/third.py")
    out = shown(driven, "diff", "--cached", "-M")
    assert "rename to policies/my_pack/fourth.py" in out
    assert "my-fourth  renamed from my-first" in out


def test_what_is_no_rule_is_shown_as_text(driven: Path) -> None:
    pack = driven / "policies/my_pack"
    (pack / "_helper.py").write_text("A = 1\n")
    (driven / "policies/data.py").write_bytes(b"\xff\x00")
    commit(driven)
    (pack / "_helper.py").write_text("A = 2")
    (driven / "policies/data.py").write_bytes(b"\xff\x01")
    (pack / "__init__.py").write_text((pack / "__init__.py").read_text().replace("My pack", "Our pack"))
    out = shown(driven, "diff")
    assert "-A = 1\n+A = 2\n\\ No newline at end of file\n" in out
    assert "Binary files a/policies/data.py and b/policies/data.py differ" in out
    assert 'title="Our pack"' in out
    assert "->" not in out


def test_a_helper_is_the_one_of_the_working_tree(driven: Path) -> None:
    pack = driven / "policies/my_pack"
    (pack / "_helper.py").write_text("LEAST = 5\n")
    file = write_rule(driven, "first", FINE.replace(">= minimum", "<= LEAST"))
    text = file.read_text().replace("example(3)", "example(1)", 1).replace("bad=[example(1)]", "bad=[example(9)]")
    file.write_text(text.replace("from cmpolicy.kinds", "from ._helper import LEAST\nfrom cmpolicy.kinds"))
    assert "my-first  MIXED" in shown(driven, "diff")


def test_a_version_that_does_not_load_is_told_and_the_others_shown(driven: Path) -> None:
    write_rule(driven, "first", "deployment.spec.replica >= minimum")
    write_rule(driven, "second", HIGHER)
    out = shown(driven, "diff")
    assert "--> new:policies/my_pack/first.py:19:28" in out
    assert "my-second  TIGHTENED" in out


def test_code_that_ends_its_process_stops_no_diff(driven: Path) -> None:
    file = write_rule(driven, "first")
    file.write_text(f"import os; os._exit(3)\n{file.read_text()}")
    write_rule(driven, "second", HIGHER)
    out = shown(driven, "diff")
    assert "their process ended with 3" in out
    assert "my-second  TIGHTENED" in out


def test_links_and_modes_are_shown_as_text(driven: Path) -> None:
    file = driven / "policies/my_pack/first.py"
    file.chmod(0o755)
    out = shown(driven, "diff")
    assert "old mode 100644\nnew mode 100755\n" in out
    file.unlink()
    file.symlink_to("second.py")
    out = shown(driven, "diff")
    assert "+second.py\n\\ No newline at end of file" in out


def test_an_unmerged_file_is_told(driven: Path) -> None:
    for branch, condition in (("work", HIGHER), ("main", f"~({FINE})")):
        git(driven, "checkout", "-q", branch)
        file = write_rule(driven, "first", condition)
        if branch == "main":
            file.write_text(
                file.read_text().replace("good=[example(3)], bad=[example(1)]", "good=[example(1)], bad=[example(3)]")
            )
        git(driven, "add", ".")
        git(driven, "commit", "-q", "-m", branch)
    subprocess.run(["git", "merge", "work"], cwd=driven, capture_output=True, check=False)
    assert "* Unmerged path policies/my_pack/first.py" in shown(driven, "diff", "--cached")


def test_by_the_variable_it_is_asked_about_every_file(driven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (driven / ".gitattributes").write_text("")
    write_rule(driven, "first", HIGHER)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", COMMAND)
    out = shown(driven, "diff")
    assert "-policies/**/*.py diff=cmpolicy" in out
    assert "my-first  TIGHTENED" in out


def test_three_sides_are_one_too_many(cmpolicy: Run, repository: Path) -> None:
    result = cmpolicy("diff", "main", "main", "main")
    assert (result.code, "it takes OLD and NEW, and not `main` too" in result.err) == (2, True)
