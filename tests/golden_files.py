"""Golden files: what is expected is in git, written anew by `--update-golden` and read in review like code."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(path: str, text: str, *, update: bool) -> None:
    """Compare the text with the golden file, or make it the golden file."""
    file = GOLDEN / path
    if update:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    assert file.is_file(), f"there is no golden file {path}; `--update-golden` writes it"
    assert file.read_bytes().decode() == text


def assert_no_orphans(folder: str, names: set[str], *, update: bool) -> None:
    """Fail for golden files in the folder that nothing is compared with, or remove them."""
    orphans = sorted(file for file in (GOLDEN / folder).iterdir() if file.name not in names)
    if update:
        for file in orphans:
            file.unlink()
        return
    assert orphans == []
