"""Rules that no pack holds are told, never passed over."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("folder", ["other", "my_pack/deeper"])
def test_rules_in_no_pack_are_an_error(cmpolicy: Run, workspace: Path, folder: str) -> None:
    stray = workspace / "policies" / folder
    stray.mkdir()
    (workspace / "policies" / "my_pack" / "second.py").rename(stray / "second.py")
    result = cmpolicy("list")
    assert result.code == 2
    assert f"policies/{folder}" in result.err
    assert "rules in a folder that is no pack" in result.err


def test_a_folder_without_rules_is_no_stray(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies" / "notes").mkdir()
    (workspace / "policies" / "notes" / "tool.py").write_text("print()\n")
    assert cmpolicy("list").code == 0


@pytest.mark.parametrize("name", [".#second.py", "._second.py", ".hidden.py", ".checkpoints/second.py"])
def test_hidden_files_are_no_rules(cmpolicy: Run, workspace: Path, name: str) -> None:
    hidden = workspace / "policies" / "my_pack" / name
    hidden.parent.mkdir(exist_ok=True)
    hidden.write_text("@rule is no Python here")
    assert cmpolicy("list").code == 0


@pytest.mark.parametrize("name", [".#second.py", "gone.py"])
def test_links_that_lead_nowhere_are_no_rules(cmpolicy: Run, workspace: Path, name: str) -> None:
    (workspace / "policies" / "my_pack" / name).symlink_to("me@host.1:2")
    assert cmpolicy("list").code == 0


def test_a_mistake_in_a_pack_has_its_place(cmpolicy: Run, workspace: Path) -> None:
    init = workspace / "policies" / "my_pack" / "__init__.py"
    init.write_text(init.read_text().replace('prefix="my"', 'prefix="my", version="x"'))
    result = cmpolicy("list")
    assert result.code == 2
    assert "policies/my_pack/__init__.py:5:8" in result.err


@pytest.mark.parametrize("raised", ["BaseException('x')", "GeneratorExit", "__import__('asyncio').CancelledError"])
def test_whatever_a_rule_raises_is_its_own_problem(cmpolicy: Run, workspace: Path, raised: str) -> None:
    (workspace / "policies" / "my_pack" / "second.py").write_text(f"raise {raised}\n")
    result = cmpolicy("list")
    assert result.code == 2
    assert "second.py:1:1" in result.err
    assert "my-first" in result.out


def test_a_text_that_a_rule_evaluates_is_no_file(cmpolicy: Run, workspace: Path) -> None:
    (workspace / "policies" / "my_pack" / "second.py").write_text('\neval("1+")\n')
    result = cmpolicy("list")
    assert "SyntaxError" in result.err
    assert "second.py:2:1" in result.err


def test_an_error_without_words_is_told_by_its_class(cmpolicy: Run, workspace: Path) -> None:
    text = "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n\n\nraise Mute\n"
    (workspace / "policies" / "my_pack" / "second.py").write_text(text)
    result = cmpolicy("list")
    assert "error[python]: Mute\n" in result.err
    assert "second.py:6:1" in result.err


def test_what_a_rule_prints_is_no_part_of_a_report(cmpolicy: Run, workspace: Path) -> None:
    for name in ("__init__", "second"):
        file = workspace / "policies" / "my_pack" / f"{name}.py"
        file.write_text(file.read_text() + f'print("hello from {name}")\n')
    result = cmpolicy("list", "--output", "json")
    assert [each["id"] for each in json.loads(result.out)] == ["my-first", "my-second"]
    assert result.err.splitlines() == ["hello from __init__", "hello from second"]


def test_of_two_rules_with_one_id_the_first_is_kept(cmpolicy: Run, workspace: Path) -> None:
    shutil.copytree(workspace / "policies" / "my_pack", workspace / "policies" / "other")
    result = cmpolicy("list", "--output", "json")
    assert [each["id"] for each in json.loads(result.out)] == ["my-first", "my-second"]
    assert result.err.count("is used twice") == 2
    assert "2 errors; 2 other rules are fine" in cmpolicy("build").err


@pytest.mark.parametrize(
    ("name", "old", "new"), [("__init__", "my", "ny"), ("second", "run", "ran"), ("_words", "uno", "duo")]
)
def test_what_is_loaded_is_what_is_written(
    cmpolicy: Run, workspace: Path, name: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also within the second by which Python tells whether its bytecode is of the file."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    pack = workspace / "policies" / "my_pack"
    (pack / "_words.py").write_text('TITLE = "uno"\n')
    (pack / "second.py").write_text(
        "from ._words import TITLE\n" + (pack / "second.py").read_text().replace("message=", "remedy=TITLE, message=")
    )
    file = pack / f"{name}.py"
    before, seconds = shown(cmpolicy), file.stat().st_mtime
    file.write_text(file.read_text().replace(old, new))
    os.utime(file, (seconds, seconds))
    after = shown(cmpolicy)
    assert (old in before, new in after) == (True, True)
    assert before != after


def shown(cmpolicy: Run) -> str:
    """What is listed and explained of the pack."""
    return cmpolicy("list").out + cmpolicy("explain", "my-second").out
