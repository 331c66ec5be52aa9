"""What is in an output folder against what a build would write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from cmpolicy.bundle.record import FILE, Packed, Record
from cmpolicy.pipeline import Folder
from cmpolicy.values import Json


class Change(StrEnum):
    """What a build would do to a file."""

    ADD = "missing"
    REPLACE = "changed"
    REMOVE = "not built"


@dataclass(frozen=True, slots=True)
class Difference:
    """A file, by its path below the output folder, that a build would change."""

    path: str
    change: Change


def differences(
    out: Path, folders: Sequence[Folder], record: Record, beside: Mapping[str, str] = MappingProxyType({})
) -> tuple[Difference, ...]:
    """What a build would change in these targets' folders, in what `bundle.json` says, and in files beside it, by path.

    A revision alone is no difference, and not where rules stand in it: a bundle that is committed can never name its own
    commit.
    """
    files = {f"{folder.target}/{file.path}": file.text for folder in folders for file in folder.files}
    changes = [
        *_changes(out, {**files, **beside}),
        *(Difference(path, Change.REMOVE) for path in left_over(out, folders)),
    ]
    return tuple(sorted((*changes, *_record_change(out, record)), key=lambda each: each.path))


def left_over(out: Path, folders: Sequence[Folder | Packed]) -> set[str]:
    """The files in these targets' folders that a build would remove."""
    return {path for folder in folders for path in set(files_below(out, folder.target)) - folder.paths}


def files_below(out: Path, target: str) -> Iterator[str]:
    """The paths, below `out` and with `/`, of the files in a target's folder; its own if it is no folder."""
    if os.path.lexists(out / target) and not (out / target).is_dir():
        yield target
    for folder, _, names in os.walk(out / target):
        below = os.path.relpath(folder, out).replace(os.sep, "/")
        yield from (f"{below}/{name}" for name in names)


def _changes(out: Path, files: Mapping[str, str]) -> Iterator[Difference]:
    for path, text in files.items():
        content = _read(out / path)
        if content != text.encode():
            yield Difference(path, Change.ADD if content is None else Change.REPLACE)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _record_change(out: Path, record: Record) -> Iterator[Difference]:
    content = _read(out / FILE)
    if content is None:
        yield Difference(FILE, Change.ADD)
    elif _but_revision(content) != _but_revision(record.text().encode()):
        yield Difference(FILE, Change.REPLACE)


def _but_revision(content: bytes) -> Json:
    try:
        document = json.loads(content)
    except ValueError:
        return None
    return _unrevised(document)


def _unrevised(value: Json) -> Json:
    if not isinstance(value, dict):
        return None
    builds = value.get("builds")
    named = {key: _unrevised(build) for key, build in builds.items()} if isinstance(builds, dict) else None
    return {**value, "revision": None, "sources": None, "builds": named}
