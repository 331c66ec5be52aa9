"""`bundle.json`: what was built, from what, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cmpolicy import ir
from cmpolicy.pipeline import Folder

SCHEMA = "cmpolicy.bundle/v1"
FILE = "bundle.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a bundle: its path below the bundle's folder, and the rule it belongs to, if to one."""

    path: str
    sha256: str
    rule: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Record:
    """What `bundle.json` says.

    `targets` are those of this build; `cmpolicy`, `revision`, `enforce` and `parameters` are said of them. `files` are of
    every target in the folder, also of earlier builds, and so are the targets that the text names.
    """

    cmpolicy: str
    revision: str | None
    enforce: bool
    parameters: Mapping[str, Mapping[str, ir.Constant]]
    targets: tuple[str, ...]
    files: tuple[Entry, ...]

    def text(self) -> str:
        """The file's text."""
        document = {
            "schema": SCHEMA,
            "cmpolicy": self.cmpolicy,
            "revision": self.revision,
            "enforce": self.enforce,
            "parameters": self.parameters,
            "targets": sorted({*self.targets, *(entry.target for entry in self.files)}),
            "files": [{"path": e.path, "sha256": e.sha256, "rule": e.rule, "target": e.target} for e in self.files],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    def with_earlier(self, earlier: Iterable[Entry]) -> Record:
        """The record with the files of targets that this build left alone."""
        kept = (entry for entry in earlier if entry.target not in self.targets)
        return replace(self, files=tuple(sorted((*self.files, *kept), key=lambda entry: entry.path)))


def parameters_of(rules: Iterable[ir.Rule]) -> dict[str, dict[str, ir.Constant]]:
    """The value of every parameter, by rule, both sorted."""
    return {
        rule.id: {each.name: each.default for each in sorted(rule.parameters, key=lambda each: each.name)}
        for rule in sorted(rules, key=lambda rule: rule.id)
        if rule.parameters
    }


def entries(folders: Sequence[Folder]) -> tuple[Entry, ...]:
    """An entry for every file."""
    return tuple(
        Entry(f"{folder.target}/{file.path}", sha256(file.text.encode()), file.rule, folder.target)
        for folder in folders
        for file in folder.files
    )


def sha256(content: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """The files that the bundle in this folder lists; none where there is no bundle or an unreadable one."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(Entry(**each) for each in raw["files"]) if raw["schema"] == SCHEMA else ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()
