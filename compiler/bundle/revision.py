"""The revision of the sources, where Git knows one."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

TIMEOUT_SECONDS = 10


def source_revision(packs: Sequence[Path]) -> str | None:
    """The commit that is checked out where the first pack is, `-dirty` if packs differ from it.

    None without Git, and for packs that Git ignores, such as those installed into an environment inside a repository.
    """
    if not packs:
        return None
    commit = _git(packs[0], "rev-parse", "--verify", "HEAD")
    if commit is None or _git(packs[0], "check-ignore", "--", str(packs[0])) is not None:
        return None
    changed = _git(packs[0], "status", "--porcelain", "--", *map(str, packs))
    return f"{commit}-dirty" if changed else commit


def source_root(packs: Sequence[Path]) -> Path | None:
    """The folder in which the repository of the first pack is checked out; None without Git or a repository."""
    found = _git(packs[0], "rev-parse", "--show-toplevel") if packs else None
    return Path(found) if found else None


def _git(folder: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
