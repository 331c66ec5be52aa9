"""Results as rows, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cmpolicy.values import JsonMap

Figure: TypeAlias = float | int | str | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be at most, or at least."""

    figure: float
    bound: float
    at_least: bool = False

    @property
    def is_reached(self) -> bool:
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        return f"{word} {self.bound:g}: {'reached' if self.is_reached else 'MISSED'}"


@dataclass(frozen=True, slots=True)
class Table:
    """What one benchmark found: a title, the names of columns, and rows, some of which have a goal."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Figure, ...]]
    goals: Mapping[str, Goal] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def text(self) -> str:
        """The table in Markdown."""
        lines = [f"### {self.title}", "", _line(self.columns), _line(["---"] * len(self.columns))]
        lines += [_line([_shown(figure) for figure in row]) for row in self.rows]
        lines += [
            "",
            *(f"- {name}: {_shown(goal.figure)}, {goal}" for name, goal in self.goals.items()),
            *(f"- {note}" for note in self.notes),
        ]
        return "\n".join(lines).rstrip() + "\n"

    def as_json(self) -> JsonMap:
        """The same for programs; figures are not rounded."""
        goals = {
            name: {"figure": goal.figure, "bound": goal.bound, "atLeast": goal.at_least, "reached": goal.is_reached}
            for name, goal in self.goals.items()
        }
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "goals": goals, "notes": list(self.notes)}


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(figure: Figure) -> str:
    if figure is None:
        return ""
    if not isinstance(figure, float):
        return str(figure)
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
