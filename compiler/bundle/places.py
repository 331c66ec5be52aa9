"""Where rules stand in their sources, said so that it holds on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cmpolicy import ir


def source_places(rules: Iterable[ir.Rule], root: Path | None) -> dict[str, str]:
    """`FILE:LINE` of each rule by its id, sorted: the path from the root of the repository, as Git has it.

    Of a file outside of it, or without a repository, the path from the folder that its pack is in.
    """
    placed = ((rule.id, rule.about.location) for rule in sorted(rules, key=lambda rule: rule.id))
    return {rule: f"{_shown(Path(place.file), root)}:{place.line}" for rule, place in placed if place is not None}


def _shown(file: Path, root: Path | None) -> str:
    real = Path(os.path.realpath(file))
    if root is not None and real.is_relative_to(root):
        return real.relative_to(root).as_posix()
    return f"{file.parent.name}/{file.name}"
