"""Write one file whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cmpolicy.diagnostics import CmpolicyError, Diagnostic


def write_file(path: Path, text: str) -> None:
    """Put the text in place of the file. Raises `CmpolicyError` if that fails; then it is as it was."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Put the content in place of the file, or of the one that a link leads to; a pipe or a device is written to.

    Raises `CmpolicyError` if that fails; then a file is as it was.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(Path(os.path.realpath(path)), content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = Diagnostic("write", f"cannot write `{path}`: {reason}", help="it is as it was")
        raise CmpolicyError(problem) from error


def _replace(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(prefix=".cmpolicy-", dir=path.parent, delete=False) as stream:
        temporary = Path(stream.name)
        try:
            stream.write(content)
            stream.close()
            # A temporary file is its owner's alone; what users get has the mode of any new file, or that of the old one.
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
