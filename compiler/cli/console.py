"""Print to people: results to stdout, diagnostics to stderr."""

from __future__ import annotations

import linecache
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace

import click
from cmpolicy.diagnostics import Diagnostic, Level, render_all
from cmpolicy.paths import display_path

_HEAD = re.compile(r"^(error|warning)(\[[a-z_-]+\])", re.MULTILINE)
_COLORS = {"error": "red", "warning": "yellow"}
LARGEST = 2**24
"""Bytes of a file that is read again to show a line of it."""


def print_diagnostics(diagnostics: Sequence[Diagnostic]) -> int:
    """Print diagnostics with their source lines, files below the working folder by relative path; how many are errors."""
    if diagnostics:
        text = render_all(tuple(replace(each, file=display_path(each.file)) for each in diagnostics), read_line)
        click.echo(_HEAD.sub(_styled, text), err=True)
    return sum(each.level is Level.ERROR for each in diagnostics)


def _styled(head: re.Match[str]) -> str:
    return click.style(head[1], fg=_COLORS[head[1]], bold=True) + head[2]


def read_line(file: str, line: int) -> str | None:
    """A line of a file; None if there is none, and for what is too large to read again, or a pipe."""
    if not _is_small(file):
        return None
    linecache.checkcache(file)
    return linecache.getline(file, line) or None


def _is_small(file: str) -> bool:
    try:
        found = os.stat(file)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST
