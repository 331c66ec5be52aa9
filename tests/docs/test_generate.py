"""The generator of the docs: what stands between its marks is made anew, and a mark that is missing is told."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
regenerated = runpy.run_path(str(ROOT / "docs" / "generate.py"))["regenerated"]
BLOCK = "before\n<!-- file: setup.py -->\nold text\n<!-- end -->\nafter\n"


def test_a_block_is_made_anew(tmp_path: Path) -> None:
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    assert (
        regenerated(BLOCK, tmp_path) == f"before\n<!-- file: setup.py -->\n```python\n{setup}```\n<!-- end -->\nafter\n"
    )


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(BLOCK.replace("<!-- end -->\n", ""), id="not_closed"),
        pytest.param(BLOCK.replace("<!-- file: setup.py -->\n", ""), id="not_opened"),
        pytest.param(BLOCK.replace("old text", "<!-- file: setup.py -->"), id="opened_twice"),
    ],
)
def test_marks_that_do_not_fit_are_an_error(page: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="blocks are opened"):
        regenerated(page, tmp_path)
