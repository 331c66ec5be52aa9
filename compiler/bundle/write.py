"""Write a bundle whole or not at all.

Everything is written to a hidden folder inside the output folder, so on the same file system, and then swapped in by
renaming. A failure or interrupt before the swap leaves what was there; one during the swap is held back or undone.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.pipeline import Folder

STAGING = ".cmpolicy-"


def write_bundle(out: Path, folders: Sequence[Folder], beside: Mapping[str, str]) -> None:
    """Replace these targets' folders and the files beside them, texts by name, such as `bundle.json`.

    Raises `CmpolicyError` if that fails; then nothing changed.
    """
    try:
        with _folder(out), _staging(out) as staging:
            _stage(staging / "new", folders, beside)
            with signals_held():
                _swap(out, staging, [*(folder.target for folder in folders), *beside])
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


def _stage(base: Path, folders: Sequence[Folder], beside: Mapping[str, str]) -> None:
    made = {str(base.parent)}
    _make(str(base), made)
    for folder in folders:
        _make(f"{base}/{folder.target}", made)
        for file in folder.files:
            path = f"{base}/{folder.target}/{file.path}"
            _make(os.path.dirname(path), made)
            _write(path, file.text)
    for name, text in beside.items():
        _write(f"{base}/{name}", text)


def _write(path: str, text: str) -> None:
    """Write a new file; `Path.write_bytes` takes twice as long over thousands."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        left = memoryview(text.encode())
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)


def _make(folder: str, made: set[str]) -> None:
    """Make a folder and those around it, unless that was done; `Path.mkdir` takes three times as long over thousands."""
    if folder not in made:
        _make(os.path.dirname(folder), made)
        os.mkdir(folder)
        made.add(folder)


def _swap(out: Path, staging: Path, names: Sequence[str]) -> None:
    """Move each of `staging/new` into place and what stood there to `staging/old`; all of them or none."""
    (staging / "old").mkdir()
    with ExitStack() as undo:
        for name in names:
            if os.path.lexists(out / name):
                _move(out / name, staging / "old" / name, undo)
            _move(staging / "new" / name, out / name, undo)
        undo.pop_all()


def _move(source: Path, destination: Path, undo: ExitStack) -> None:
    os.rename(source, destination)
    undo.callback(os.rename, destination, source)


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back Ctrl-C and termination until the block is over."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
