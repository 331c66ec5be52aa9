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
        content = self._content(path)
        if content is None:
            raise not_as_built(self._folder, [path])
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)

    def differing(self) -> list[str]:
        """The paths whose files are missing, or have another digest."""
        return [path for path in self if self._content(path) is None]

    def _content(self, path: str) -> bytes | None:
        expected = self._digests[path]
        with (
            suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError),
            open(self._folder / path, "rb") as file,
        ):
            content = file.read()
            return content if sha256(content) == expected else None
        return None


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


def not_as_built(folder: Path, paths: list[str]) -> CmpolicyError:
    """What to tell when files are not as the record of their bundle says."""
    more = f", and {len(paths) - 1} more" if len(paths) > 1 else ""
    problem = f"`{folder / paths[0]}` is not what was built{more}"
    return CmpolicyError(Diagnostic("bundle", problem, help="build it again: a bundle is published as it was built"))


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
