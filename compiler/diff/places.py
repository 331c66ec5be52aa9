"""Files as others name them: from the root of the Git repository, where reviews and scanners look for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 2**20
"""What a file may hold whose lines are looked at: more is no file of a rule."""


@dataclass(frozen=True, slots=True)
class Places:
    """The working folder, and the root of the repository around it; without a repository both are the same."""

    here: Path
    root: Path

    def from_root(self, file: str) -> str:
        """The path from the root, with `/`; a file outside of it as it is named.

        Rules of folders are named from the working folder, those of a revision from the root: the first that is there is
        meant, and where neither is, the name stays.
        """
        path = self._path(file)
        if path is None or not path.is_relative_to(self.root):
            return file.replace(os.sep, "/")
        return path.relative_to(self.root).as_posix()

    def read(self, file: str) -> str | None:
        """The text of a file that is in the repository; None if it is not there or no text."""
        path = self._path(file)
        if path is None or not path.is_relative_to(self.root) or path.stat().st_size > MOST_BYTES:
            return None
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _path(self, file: str) -> Path | None:
        named = (Path(os.path.normpath(folder / file)) for folder in (self.here, self.root))
        return next((path for path in named if _is_file(path)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
