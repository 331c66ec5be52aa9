"""`cmpolicy diff` where something is wrong: each a message, a documented exit code, and the rest compared all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy.diff import child

from tests.cli.conftest import FINE, Run, commit, git, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")


def hostile(repository: Path, code: str) -> None:
    """Commit code that runs when the pack is loaded, and take it out of the working tree."""
    init = repository / "policies/my_pack/__init__.py"
    before = init.read_text()
    init.write_text(f"{code}\n{before}")
    commit(repository)
    init.write_text(before)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(7)", "their process ended with 7"),
        ("import os; os.kill(os.getpid(), 9)", "their process was killed by SIGKILL"),
        ("import os; os.kill(0, 9)", "their process was killed by SIGKILL"),
        ("import os; os.write(2, b'said\\x1b[31m\\n'); os._exit(0)", "ended with 0, and said last: said\\x1b[31m"),
        (
            "import os; [os.write(fd, b'noise') for fd in (3, 4, 5) if os.path.exists(f'/proc/self/fd/{fd}')]",
            "do not load",
        ),
        ("import sys, json; json.dump = lambda what, to: to.write('{}')", "do not load"),
        ("while True: print('x' * 2**20)", "file too large"),
    ],
)
def test_hostile_code_of_a_revision_is_told_and_does_no_harm(
    code: str, said: str, cmpolicy: Run, repository: Path
) -> None:
    hostile(repository, code)
    before = (repository / "policies/my_pack/first.py").read_bytes()
    result = cmpolicy("diff", "--output", "json", "HEAD", "policies")
    assert result.code == 2
    assert said in result.err.lower().replace("sigkill", "SIGKILL")
    assert json.loads(result.out)["problems"]
    assert "Traceback" not in result.err
    assert (repository / "policies/my_pack/first.py").read_bytes() == before


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import sys; sys.exit('no')", "raise KeyboardInterrupt"])
def test_code_that_only_wants_to_end_is_a_problem_of_its_pack(code: str, cmpolicy: Run, repository: Path) -> None:
    hostile(repository, code)
    result = cmpolicy("diff", "HEAD", "policies")
    assert (result.code, "Traceback" in result.err) == (2, False)
    assert "added" not in result.out


def test_what_a_revision_prints_is_not_printed(cmpolicy: Run, repository: Path) -> None:
    hostile(repository, "import os, atexit\nprint('{')\nos.write(1, b'}')\natexit.register(print, 'bye')")
    result = cmpolicy("diff", "--output", "json", "HEAD", "policies")
    assert (result.code, json.loads(result.out)["summary"], result.err) == (0, {"unchanged": 2}, "")


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(1000)",
        "import os, time\nif os.fork() == 0: time.sleep(1000)\nos._exit(0)",
        "import subprocess; subprocess.run(['sleep', '1000'])",
    ],
)
def test_a_revision_has_a_time_to_load(
    code: str, cmpolicy: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "TIMEOUT_SECONDS", 3)
    hostile(repository, code)
    result = cmpolicy("diff", "HEAD", "policies")
    assert result.code == 2
    assert "did not load within 3 s" in result.err or "their process ended with 0" in result.err


def test_a_pack_that_does_not_load_leaves_the_others(cmpolicy: Run, repository: Path) -> None:
    other = repository / "policies/other"
    other.mkdir()
    (other / "__init__.py").write_text("PACK = 1 +\n")
    (other / "third.py").write_text((repository / "policies/my_pack/first.py").read_text())
    write_rule(repository, "first", HIGHER)
    result = cmpolicy("diff", "main")
    assert result.code == 2
    assert "--> policies/other/__init__.py:1" in result.err
    assert "my-first  TIGHTENED" in result.out


def test_a_linked_rule_of_a_revision_is_told_and_not_called_new(cmpolicy: Run, repository: Path) -> None:
    (repository / "policies/my_pack/third.py").symlink_to("first.py")
    (repository / "policies/linked").symlink_to("my_pack")
    (repository / "elsewhere").symlink_to("policies")
    commit(repository)
    write_rule(repository, "first", HIGHER)
    (repository / "policies/linked").unlink()
    result = cmpolicy("diff", "HEAD")
    assert result.code == 2
    assert "--> HEAD:policies/my_pack/third.py" in result.err
    assert "--> HEAD:policies/linked" in result.err
    assert "elsewhere" not in result.err
    assert "my-first  TIGHTENED" in result.out
    assert "my-third" not in result.out


def test_a_folder_that_is_a_link_in_a_revision_is_told(cmpolicy: Run, repository: Path) -> None:
    git(repository, "mv", "policies", "rules")
    (repository / "policies").symlink_to("rules")
    commit(repository)
    result = cmpolicy("diff", "HEAD")
    assert result.code == 2
    assert "`policies` in `HEAD` is a link, which is not followed in a revision" in result.err
    assert cmpolicy("diff", "HEAD:rules").code == 0


def test_a_folder_that_is_a_submodule_is_told(cmpolicy: Run, repository: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    git(tmp_path, "clone", "-q", str(repository), str(inner))
    git(repository, "rm", "-rq", "policies")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "policies")
    commit(repository)
    result = cmpolicy("diff", "HEAD", "policies/policies")
    assert result.code == 2
    assert "`policies` in `HEAD` is a submodule: its files are in a repository of their own" in result.err
    assert "compare there, or compare two folders" in result.err


def test_a_bare_repository_has_revisions_too(
    cmpolicy: Run, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rule(repository, "first", HIGHER)
    commit(repository)
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(repository), str(bare))
    monkeypatch.chdir(bare)
    result = cmpolicy("diff", "main", "work")
    assert (result.code, result.out.splitlines()[-1]) == (1, "main -> work: 1 tightened, 1 rule unchanged")


def test_a_repository_of_somebody_else_is_told(
    cmpolicy: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(repository))
    result = cmpolicy("diff", "main")
    assert result.code == 2
    assert "git keeps away from this repository: it belongs to another user" in result.err
    assert "safe.directory" in result.err


def test_a_repository_without_a_commit_is_told(cmpolicy: Run, workspace: Path) -> None:
    git(workspace, "init", "-q", "-b", "main")
    result = cmpolicy("diff")
    assert (result.code, "no default branch is known here" in result.err) == (2, True)
    result = cmpolicy("diff", "HEAD")
    assert (result.code, "there is no folder and no revision `HEAD`" in result.err) == (2, True)


def test_names_that_are_no_text_are_read_all_the_same(cmpolicy: Run, repository: Path) -> None:
    (repository / "policies/my_pack/odd-\udcff.txt").write_text("x")
    commit(repository)
    assert cmpolicy("diff", "HEAD").out == "HEAD -> working tree: 2 rules unchanged\n"


def test_a_clone_that_lacks_files_is_told(
    cmpolicy: Run, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository}", str(clone))
    git(clone, "remote", "set-url", "origin", f"file://{tmp_path / 'gone'}")
    monkeypatch.chdir(clone)
    result = cmpolicy("diff", "HEAD", str(repository / "policies"))
    assert result.code == 2
    assert "git" in result.err or "missing here" in result.err
    assert "bug" not in result.err


def test_two_bundles_of_different_schemas_are_told(cmpolicy: Run, workspace: Path) -> None:
    for name in ("old", "new"):
        assert cmpolicy("build", "--out", name, "--target", "vap").code == 0
    rules = workspace / "old/rules.json"
    rules.write_text(rules.read_text().replace("cmpolicy.rules/v1", "cmpolicy.rules/v2"))
    result = cmpolicy("diff", "old", "new")
    assert result.code == 2
    assert (
        "`old/rules.json`: its schema is `cmpolicy.rules/v2`, and this cmpolicy reads `cmpolicy.rules/v1`" in result.err
    )
    assert "build it again with this cmpolicy" in result.err
