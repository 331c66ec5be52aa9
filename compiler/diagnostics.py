"""Diagnostics: errors and warnings as values, with a place, a caret and a remedy.

Messages are one line, lower case, without a final period; the user's words stand in backticks; the remedy is in `help`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from cmpolicy.content import printable

WIDTH = 160
"""Characters of a source line that are shown, around the place if it is longer."""


class Level(StrEnum):
    """How bad a diagnostic is; only errors change the exit code."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user. `line` and `column` count from 1, `end_column` is exclusive; 0 is unknown."""

    code: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    end_column: int = 0
    help: str = ""
    level: Level = Level.ERROR

    @property
    def place(self) -> str:
        """`file:line:column`, as far as known."""
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class CmpolicyError(Exception):
    """What stops a run: carries the diagnostics that say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


def render(diagnostic: Diagnostic, source_line: str | None = None) -> str:
    """The diagnostic as lines of text, with the source line and a caret under the place if it is given.

    What it says may be the words of others: nothing of it reaches a terminal that the terminal would obey.
    """
    lines = [f"{diagnostic.level}[{diagnostic.code}]: {printable(diagnostic.message)}"]
    if diagnostic.file:
        lines.append(f"  --> {printable(diagnostic.place)}")
    gutter = " " * len(str(diagnostic.line)) if diagnostic.line else " "
    if source_line is not None and diagnostic.line:
        start = max(diagnostic.column - WIDTH // 2, 0) if len(source_line) > WIDTH else 0
        shown = source_line[start : start + WIDTH].rstrip()
        moved = replace(diagnostic, column=diagnostic.column - start, end_column=diagnostic.end_column - start)
        lines.append(f"{diagnostic.line} | {_harmless(shown)}")
        lines.append(f"{gutter} | {_caret(moved, shown)}")
    elif diagnostic.help:
        lines.append(f"{gutter} | {printable(diagnostic.help)}")
    return "\n".join(lines)


def _harmless(source_line: str) -> str:
    # One character for another, or the caret would point elsewhere.
    return "".join(each if each.isprintable() or each == "\t" else "\N{REPLACEMENT CHARACTER}" for each in source_line)


def _caret(diagnostic: Diagnostic, source_line: str) -> str:
    start = max(diagnostic.column - 1, 0)
    end = diagnostic.end_column - 1 if diagnostic.end_column > diagnostic.column else start + 1
    width = max(min(end, len(source_line.rstrip())) - start, 1)
    return " ".join(filter(None, (" " * start + "^" * width, printable(diagnostic.help))))


def render_all(diagnostics: tuple[Diagnostic, ...], read_line: Callable[[str, int], str | None]) -> str:
    """Every diagnostic by file and line; `read_line(file, line)` gives the source text of a line or None."""
    ordered = sorted(diagnostics, key=lambda d: (d.file, d.line, d.column, d.code, d.message))
    return "\n".join(render(d, read_line(d.file, d.line) if d.line else None) for d in ordered)
