"""Whose a target's folder is: one that no build wrote is never replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cmpolicy.bundle.compare import left_over
from cmpolicy.bundle.record import Packed, read_record
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.pipeline import Folder


def check_owned(out: Path, folders: Sequence[Folder | Packed]) -> None:
    """Raise `CmpolicyError` if a folder that `bundle.json` does not know holds files that would be lost."""
    known = read_record(out).builds
    problems = [problem for folder in folders if folder.target not in known for problem in _lost(out, folder)]
    if problems:
        raise CmpolicyError(*problems)


def _lost(out: Path, folder: Folder | Packed) -> Iterator[Diagnostic]:
    lost = sorted(left_over(out, [folder]))
    if lost:
        message = f"`{out / folder.target}` holds what no build wrote, such as `{lost[0].partition('/')[2]}`"
        yield Diagnostic("write", message, help="choose another folder with `--out`, or move those files away")


def check_ours(out: Path) -> None:
    """Raise `CmpolicyError` unless the folder is new, empty, or holds a bundle."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not read_record(out).builds)):
        remedy = "choose a new or empty folder with `--out`, or one that holds a bundle"
        raise CmpolicyError(Diagnostic("write", f"`{out}` holds something else than a bundle", help=remedy))
