"""Paths as users type them."""

from __future__ import annotations

import os
from pathlib import Path


def display_path(file: str) -> str:
    """The path from the working folder, for a file below it."""
    path = Path(file)
    return os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else file
