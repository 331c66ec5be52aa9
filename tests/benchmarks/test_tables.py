"""What a benchmark shows of its goals."""

from __future__ import annotations

import pytest

from benchmarks.tables import Goal, Table


@pytest.mark.parametrize(
    ("goal", "shown"),
    [
        (Goal(1.0449, 1), "- mean ratio: 1.04, at most 1: MISSED"),
        (Goal(1.0, 1), "- mean ratio: 1, at most 1: reached"),
        (Goal(9.99, 10, at_least=True), "- mean ratio: 9.99, at least 10: MISSED"),
        (Goal(150.4, 10, at_least=True), "- mean ratio: 150, at least 10: reached"),
    ],
)
def test_a_goal_is_shown_with_what_was_found(goal: Goal, shown: str) -> None:
    table = Table("beside", ("rule", "ratio"), [("a", 1.5), ("b", None)], {"mean ratio": goal})
    assert table.text() == f"### beside\n\n| rule | ratio |\n| --- | --- |\n| a | 1.5 |\n| b |  |\n\n{shown}\n"
