"""How far the versions of packs have to go up, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import click
from cmpolicy.content import printable
from cmpolicy.diff.model import Bump, PackVersion, Report
from cmpolicy.values import JsonMap

MOST_REASONS = 3


def version_lines(report: Report) -> Iterator[str]:
    """A line for each pack whose version has to go up, or is too small."""
    yield from (f"version of {_told(each)}" for each in report.versions)


def _told(each: PackVersion) -> str:
    needed = "at least " * (not each.sure) + each.bump.value if each.bump is not Bump.NONE else "no bump"
    least = f", {each.least} or later" if each.least else ""
    why = f", as {_because(each)}" if each.because else ""
    return f"{each.pack}: {needed}{least}{why}{_declared(each)}"


def _because(each: PackVersion) -> str:
    more = len(each.because) - MOST_REASONS
    shown = "; ".join(map(printable, each.because[:MOST_REASONS]))
    return f"{shown}; and {more} more" if more > 0 else shown


def _declared(each: PackVersion) -> str:
    if not each.new:
        return ""
    told = f"{printable(each.new)} is declared"
    return f". {click.style(f'{told}, which is too small', fg='red', bold=True)}" if each.is_too_small else f". {told}"


def versions_json(report: Report) -> list[JsonMap]:
    """An element for each pack."""
    return [
        {
            "pack": each.pack,
            "bump": each.bump.value,
            "sure": each.sure,
            "because": list(each.because),
            "old": each.old or None,
            "new": each.new or None,
            "least": each.least or None,
            "too_small": each.is_too_small,
        }
        for each in report.versions
    ]
