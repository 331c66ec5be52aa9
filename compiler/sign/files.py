"""Keys as files, as cosign names them: `NAME.key`, which its owner alone can read, and `NAME.pub`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.sign.keys import PrivateKey, PublicKey
from cmpolicy.sign.pem import BadKey, read_private, read_public, write_private
from cmpolicy.signals import signals_held

PRIVATE_MODE, PUBLIC_MODE = 0o600, 0o644
MOST_BYTES = 2**16
"""No key is as long."""


def paths_of(name: Path) -> tuple[Path, Path]:
    """The files of a pair with this name. Raises `CmpolicyError` if one of them is there: no key is ever replaced."""
    found = (name.with_name(f"{name.name}.key"), name.with_name(f"{name.name}.pub"))
    for path in found:
        if os.path.lexists(path):
            raise _there(path)
    return found


def write_pair(name: Path, key: PrivateKey, password: bytes) -> tuple[Path, Path]:
    """Write both files, encrypted with the password the private one. Raises `CmpolicyError`; then neither is there."""
    private, public = paths_of(name)
    contents = {private: (write_private(key, password), PRIVATE_MODE), public: (key.public.pem, PUBLIC_MODE)}
    try:
        _write_new(name.parent, contents)
    except FileExistsError as error:
        raise _there(Path(error.filename2 or error.filename or private)) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = f"cannot write `{private}` and `{public}`: {reason}"
        raise CmpolicyError(Diagnostic("keys", problem, help="nothing was written")) from error
    return private, public


def _write_new(folder: Path, contents: Mapping[Path, tuple[bytes, int]]) -> None:
    """Write all or none of the files; a link, other than a renaming, never replaces what is there."""
    with TemporaryDirectory(prefix=".cmpolicy-", dir=folder) as made, signals_held(), ExitStack() as undo:
        for path, (content, mode) in contents.items():
            staged = Path(made, path.name)
            with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
                stream.write(content)
            os.link(staged, path)
            undo.callback(path.unlink)
        undo.pop_all()


def _there(path: Path) -> CmpolicyError:
    remedy = "nothing was written: a key that is lost cannot be made again; choose another name with `--out`"
    return CmpolicyError(Diagnostic("keys", f"`{path}` is there already", help=remedy))


def load_private(path: Path, password: Callable[[], bytes]) -> PrivateKey:
    """The private key in this file. Raises `CmpolicyError`, and `OSError` if there is none."""
    try:
        return read_private(_content(path), password)
    except BadKey as error:
        raise _unreadable(path, error) from error


def load_public(path: Path) -> PublicKey:
    """The public key in this file. Raises `CmpolicyError`, and `OSError` if there is none."""
    try:
        return read_public(_content(path))
    except BadKey as error:
        raise _unreadable(path, error) from error


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadKey("it is too long to be a key")
    return content


def _unreadable(path: Path, error: BadKey) -> CmpolicyError:
    remedy = "`cmpolicy keys generate` and `cosign generate-key-pair` make keys of the kind"
    return CmpolicyError(Diagnostic("keys", f"`{path}`: {error}", help=remedy))
