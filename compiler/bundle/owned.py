"""Whose a target's folder is: one that no build wrote is never replaced."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from cmpolicy.bundle.compare import left_over
from cmpolicy.bundle.record import FILE, RULES_FILE, Packed, read_record
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.pipeline import Folder


def check_owned(out: Path, folders: Sequence[Folder | Packed]) -> None:
    """Raise `CmpolicyError` if files would be lost that no build wrote: those of a folder that `bundle.json` does not know.

    Where it knows none, what has its name or that of the file beside it is not a build's either.
    """
    known = read_record(out).builds
    problems = [problem for folder in folders if folder.target not in known for problem in _lost(out, folder)]
    if not known:
        problems += [_strange(out / name) for name in (FILE, RULES_FILE) if os.path.lexists(out / name)]
    if problems:
        raise CmpolicyError(*problems)


def _lost(out: Path, folder: Folder | Packed) -> Iterator[Diagnostic]:
    lost = sorted(left_over(out, [folder]))
    if lost == [folder.target]:
        yield _strange(out / folder.target)
    elif lost:
        message = f"`{out / folder.target}` holds what no build wrote, such as `{lost[0].partition('/')[2]}`"
        yield Diagnostic("write", message, help="choose another folder with `--out`, or move those files away")


def _strange(path: Path) -> Diagnostic:
    remedy = "choose another folder with `--out`, or move it away"
    return Diagnostic("write", f"`{path}` is nothing that a build wrote", help=remedy)


def check_ours(out: Path) -> None:
    """Raise `CmpolicyError` unless the folder is new, empty, or holds a bundle."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not read_record(out).builds)):
        remedy = "choose a new or empty folder with `--out`, or one that holds a bundle"
        raise CmpolicyError(Diagnostic("write", f"`{out}` holds something else than a bundle", help=remedy))
