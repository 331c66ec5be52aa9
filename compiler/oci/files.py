"""Files of a bundle by path, each read when it is asked for: in memory is what is used at the time, and not all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cmpolicy.bundle.record import sha256
from cmpolicy.content import digest_of
from cmpolicy.diagnostics import CmpolicyError, Diagnostic

Read = Callable[[], bytes]
Hold = Callable[[bytes], Read]
"""Keeps content, and gives what brings it back."""


class OnDisk(Mapping[str, bytes]):
    """The files of a folder that have these SHA-256 digests. Reading one that has not raises `CmpolicyError`."""

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        self._folder = folder
        self._digests = digests

    def __getitem__(self, path: str) -> bytes:
        expected = self._digests[path]
        # A `Path` for each of thousands of files takes longer than to read them.
        place = f"{self._folder}/{path}"
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError), open(place, "rb") as file:
            content = file.read()
            if sha256(content) == expected:
                return content
        raise not_as_built(self._folder / path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


class Named(Mapping[str, bytes]):
    """Some of the files under other names: `paths` has what each is called among all of them."""

    def __init__(self, files: Mapping[str, bytes], paths: Mapping[str, str]) -> None:
        self._files = files
        self._paths = paths

    def __getitem__(self, path: str) -> bytes:
        return self._files[self._paths[path]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def not_as_built(path: Path) -> CmpolicyError:
    """What to tell when a file is not as the record of its bundle says."""
    remedy = "build it again: a bundle is published as it was built"
    return CmpolicyError(Diagnostic("bundle", f"`{path}` is not what was built", help=remedy))


def in_memory(content: bytes) -> Read:
    """Keep it as it is."""
    return lambda: content


def in_folder(folder: Path) -> Hold:
    """Keep content in files of this folder, which is there as long as something may be read."""

    def hold(content: bytes) -> Read:
        path = folder / digest_of(content).partition(":")[2]
        path.write_bytes(content)
        return path.read_bytes

    return hold
