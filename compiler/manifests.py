"""The manifests in files, folders and standard input: what `check` judges.

What cannot be read is a diagnostic between the manifests, so that it never hides the others.
"""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cmpolicy.check import Place
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.evaluate.blame import pointer, reaches, steps
from cmpolicy.shapes import misfits, name_of
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.places import position, source
from cmpolicy.yaml.reader import Document, read_text

STDIN = "-"
NOT_A_MANIFEST = "not-a-manifest"
SUFFIXES = (".yaml", ".yml", ".json")
MAX_BYTES = 64 * 2**20
"""The largest input that is read; a cluster's objects are at most 1.5 MiB each."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """An object, its number in the file counted from 0, and where its text is.

    `prefix` is the JSON pointer of an item of a `List` in its document, and empty for a document of its own.
    """

    value: JsonMap
    file: str
    index: int
    chunk: Chunk
    prefix: str = ""

    def position(self, pointer: str) -> tuple[int, int]:
        """Line and column, from 1, of the key of a JSON pointer, or of its nearest parent that exists."""
        return position(self.chunk, self.prefix + pointer)

    def place(self, pointer: str) -> Place:
        """Where the field of a JSON pointer stands, or its nearest parent that does."""
        line, column = self.position(pointer)
        there = reaches(self.value, steps(pointer))
        return Place(pointer, there, self.file, line, column, source(self.chunk, line))

    def kept(self) -> Manifest:
        """Itself: its text is in memory with that of its file."""
        return self


def read_paths(paths: Iterable[str]) -> Iterator[Manifest | Diagnostic]:
    """Every manifest in these files and folders, `-` being standard input, in order; a file named twice counts once.

    A document that is no manifest is an error in a file that is named, and a warning in one that is found in a folder.
    """
    seen: set[str] = set()
    for path in paths:
        for file, level in _files(path):
            if isinstance(file, Diagnostic):
                yield file
            elif (real := os.path.realpath(file) if file != STDIN else STDIN) not in seen:
                seen.add(real)
                yield from _read_file(file, level)


def _files(path: str) -> Iterator[tuple[str | Diagnostic, Level]]:
    if path == STDIN or not os.path.isdir(path):
        yield path, Level.ERROR
        return
    unreadable: list[OSError] = []
    found = 0
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            file = os.path.join(folder, name)
            if name.lower().endswith(SUFFIXES) and _is_readable_kind(file):
                found += 1
                yield file, Level.WARNING
    for error in unreadable:
        yield _unreadable(error, str(error.filename)), Level.ERROR
    if not found and not unreadable:
        message = f"no {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file in this folder"
        yield Diagnostic("no-files", message, path, level=Level.WARNING), Level.WARNING


def _is_readable_kind(file: str) -> bool:
    """Whether it is a file or cannot be told; no pipe or device, which might never end."""
    try:
        return stat.S_ISREG(os.stat(file).st_mode)
    except OSError:
        return True


def _read_file(file: str, level: Level) -> Iterator[Manifest | Diagnostic]:
    text = read_file(file)
    if isinstance(text, Diagnostic):
        yield text
        return
    number = 0
    for each in read_text(text, file):
        if isinstance(each, Diagnostic):
            yield each
            continue
        yield from each.warnings
        for item in _items(each, number, level):
            number += isinstance(item, Manifest) or item.code == NOT_A_MANIFEST
            yield item


def read_file(file: str) -> str | Diagnostic:
    """The text of a file, or of standard input, or why it cannot be read."""
    if file == STDIN and sys.stdin is None:
        return Diagnostic("file", "cannot be read: standard input is closed", file)
    try:
        data = _bytes(sys.stdin.buffer) if file == STDIN else _bytes_of(Path(file))
    except OSError as error:
        return _unreadable(error, file)
    if len(data) > MAX_BYTES:
        return Diagnostic("size", f"larger than {MAX_BYTES >> 20} MiB", file, help="split it")
    if data.startswith(_UTF16):
        return Diagnostic("encoding", "UTF-16, not UTF-8", file, help="save it as UTF-8")
    if (where := data.find(b"\0")) >= 0:
        return Diagnostic("binary", "a binary file, not text", file, data.count(b"\n", 0, where) + 1)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        return Diagnostic("encoding", "not UTF-8", file, line, column, help="save it as UTF-8")


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _bytes(stream)


def _bytes(stream: BinaryIO) -> bytes:
    return stream.read(MAX_BYTES + 1)


def _unreadable(error: OSError, file: str) -> Diagnostic:
    reason = (error.strerror or str(error)).lower()
    return Diagnostic("file", f"cannot be read: {reason}", file)


def _items(document: Document, number: int, level: Level) -> Iterator[Manifest | Diagnostic]:
    """The manifests of a document: itself, or the items of a list of objects, in which lists may stand again."""
    pending: list[tuple[Json, str]] = [(document.value, "")]
    while pending:
        value, prefix = pending.pop()
        if _is_list(value):
            assert isinstance(value, dict)
            items = list(enumerate(value["items"]))
            pending.extend((_with_kind(item, value), f"{prefix}/items/{index}") for index, item in reversed(items))
        elif _is_manifest(value):
            assert isinstance(value, dict)
            manifest = Manifest(value, document.chunk.file, number, document.chunk, prefix)
            yield manifest
            yield from _misfits(manifest)
            number += 1
        else:
            yield _no_manifest(value, document.chunk, prefix, level)
            number += 1


def _misfits(manifest: Manifest) -> Iterator[Diagnostic]:
    """What an API server would refuse of the manifest; it is judged all the same."""
    for misfit in misfits(manifest.value):
        line, column = manifest.position(pointer(misfit.steps))
        message = f"`{'.'.join(misfit.steps)}` is {misfit.found} where {misfit.expected} belongs"
        remedy = "; ".join(filter(None, ("an API server would refuse this object", misfit.remedy)))
        yield Diagnostic("shape", message, manifest.file, line, column, help=remedy)


def _is_list(value: Json) -> bool:
    """Whether it is a `List`, or the typed list of a kind, such as `PodList`."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return False
    kind = value.get("kind")
    return isinstance(kind, str) and kind.endswith("List")


def _with_kind(item: Json, parent: JsonMap) -> Json:
    """The item of a typed list, which leaves out what the list says: `PodList` holds Pods of its own `apiVersion`."""
    kind = str(parent["kind"]).removesuffix("List")
    if not kind or not isinstance(item, dict) or "kind" in item or "apiVersion" in item:
        return item
    return {"apiVersion": parent.get("apiVersion"), "kind": kind, **item}


def _is_manifest(value: Json) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) and value[key] for key in ("apiVersion", "kind")
    )


def _no_manifest(value: Json, chunk: Chunk, prefix: str, level: Level) -> Diagnostic:
    line, column = position(chunk, prefix)
    if isinstance(value, dict):
        line, column = position(chunk, prefix + _odd_key(value))
        message = f"no manifest: {_unnamed(value)}"
    else:
        message = "no manifest: it is not a map"
    skipped = Diagnostic(NOT_A_MANIFEST, message, chunk.file, line, column, level=level)
    return replace(skipped, message=f"{message}; skipped") if level is Level.WARNING else skipped


_NAMING = ("apiVersion", "kind")


def _unnamed(value: JsonMap) -> str:
    """What is wrong with a map that does not say what it is."""
    missing = [f"`{key}`" for key in _NAMING if value.get(key) in (None, "")]
    odd = [f"its `{key}` is {name_of(value[key])}, not a string" for key in _odd(value)]
    return "; ".join([*([f"it has no {' and no '.join(missing)}"] if missing else []), *odd])


def _odd(value: JsonMap) -> list[str]:
    return [key for key in _NAMING if not isinstance(value.get(key), str | None)]


def _odd_key(value: JsonMap) -> str:
    """The pointer of the first key that is there and of a wrong type; of the map itself if there is none."""
    return "".join(f"/{key}" for key in _odd(value)[:1])
