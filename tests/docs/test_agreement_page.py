"""The page on agreement says which rules its run did not ask about."""

from __future__ import annotations

import runpy
from pathlib import Path

later_rules = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generate.py"))["later_rules"]


def test_rules_that_came_after_the_run_are_named() -> None:
    assert list(later_rules(["a", "gone"], ["c", "a", "b"])) == [
        "",
        "2 rules came after that run and are in no count here: `b`, `c`.",
    ]


def test_nothing_is_said_where_the_run_asked_about_all() -> None:
    assert list(later_rules(["a", "gone"], ["a"])) == []
