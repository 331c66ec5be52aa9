"""Write a bundle whole or not at all.

Everything is written to a hidden folder inside the output folder, so on the same file system, and then swapped in by
renaming. A failure or interrupt before the swap leaves what was there; one during the swap is held back or undone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from cmpolicy.bundle.record import Packed, entry
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.pipeline import Folder
from cmpolicy.signals import signals_held

STAGING, NEW = ".cmpolicy-", "new"


@dataclass(frozen=True, slots=True)
class Staged:
    """A bundle in the making, in a hidden folder. Both methods raise `CmpolicyError` if they fail; then nothing changed."""

    out: Path
    staging: Path
    made: set[str]
    """The folders that are there, as far as this process knows."""

    def add(self, part: Folder) -> Packed:
        """Write a part of a target's folder. Any process may: what one that failed has left of it is written anew."""
        with _told(self.out):
            return _write_part(f"{self.staging}/{NEW}", part, self.made)

    def put(self, targets: Iterable[str], beside: Mapping[str, str]) -> None:
        """Replace these targets' folders, which were added, and the files beside them, texts by name: `bundle.json`."""
        with _told(self.out):
            for name, text in beside.items():
                _write(f"{self.staging / NEW}/{name}", text.encode())
            with signals_held():
                _swap(self.out, self.staging, [*targets, *beside])


def write_bundle(out: Path, folders: Sequence[Folder], beside: Mapping[str, str]) -> None:
    """Replace these targets' folders and the files beside them, texts by name, such as `bundle.json`.

    Raises `CmpolicyError` if that fails; then nothing changed.
    """
    with staged(out) as bundle:
        for folder in folders:
            bundle.add(folder)
        bundle.put([folder.target for folder in folders], beside)


@contextmanager
def staged(out: Path) -> Iterator[Staged]:
    """A new bundle for the output folder. Raises `CmpolicyError` if nothing can be written there.

    Unless it is put into place in the block, everything is as it was after it.
    """
    with ExitStack() as undo:
        with _told(out):
            undo.enter_context(_folder(out))
            staging = undo.enter_context(_staging(out))
            (staging / NEW).mkdir()
        yield Staged(out, staging, {f"{staging}/{NEW}"})


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CmpolicyError(
            Diagnostic("write", f"cannot write to `{out}`: {reason}", help="it is as it was")
        ) from error


@contextmanager
def _folder(out: Path) -> Iterator[None]:
    """Make the folder; if the block fails, remove what was made of its path."""
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """A hidden folder that is gone after the block, whatever happens."""
    with ExitStack() as cleanup:
        with signals_held():
            staging = Path(mkdtemp(prefix=STAGING, dir=out))
            cleanup.callback(_remove, staging)
        yield staging


def _remove(folder: Path) -> None:
    with signals_held():
        shutil.rmtree(folder, ignore_errors=True)


def _write_part(base: str, part: Folder, made: set[str]) -> Packed:
    """Write files of a target below the folder of its name, and list them."""
    root = f"{base}/{part.target}"
    _make(root, made)
    entries = []
    for file in part.files:
        path, content = f"{root}/{file.path}", file.text.encode()
        _make(path.rpartition("/")[0], made)
        _write(path, content)
        entries.append(entry(part.target, file, content))
    return Packed(part.target, tuple(entries), part.gaps)


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def _write(path: str, content: bytes) -> None:
    """Write a file; `Path.write_bytes` takes twice as long over thousands."""
    descriptor = os.open(path, _NEW_FILE, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def _make(folder: str, made: set[str]) -> None:
    """Make a folder and those around it, unless that was done; `Path.mkdir` takes three times as long over thousands."""
    if folder not in made:
        _make(folder.rpartition("/")[0], made)
        with suppress(FileExistsError):  # another process may have made it
            os.mkdir(folder)
        made.add(folder)


def _swap(out: Path, staging: Path, names: Sequence[str]) -> None:
    """Move each of `staging/new` into place and what stood there to `staging/old`; all of them or none."""
    (staging / "old").mkdir()
    with ExitStack() as undo:
        for name in names:
            if os.path.lexists(out / name):
                _move(out / name, staging / "old" / name, undo)
            _move(staging / NEW / name, out / name, undo)
        undo.pop_all()


def _move(source: Path, destination: Path, undo: ExitStack) -> None:
    os.rename(source, destination)
    undo.callback(os.rename, destination, source)
