"""Rules that no pack holds are told, never passed over."""

from __future__ import annotations

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
