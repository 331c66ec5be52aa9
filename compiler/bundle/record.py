"""`bundle.json`: what was built, from what, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cmpolicy import ir
from cmpolicy.pipeline import Folder, RuleGap
from cmpolicy.sign.strict import read_json
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json

SCHEMA = "cmpolicy.bundle/v1"
FILE = "bundle.json"
RULES_FILE = "rules.json"

_as_json = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=1024)  # the files of a rule come one after the other
def _end(rule: str | None, target: str) -> str:
    return f'"rule": {_as_json(rule)}, "target": {_as_json(target)}}}'


class Entry(NamedTuple):
    """A file of a bundle: its path below the bundle's folder, and the rule it belongs to, if to one.

    A tuple, as thousands of them are handed from process to process.
    """

    path: str
    sha256: str
    rule: str | None
    target: str

    def line(self) -> str:
        """As JSON, in one line."""
        return f'{{"path": {_as_json(self.path)}, "sha256": {_as_json(self.sha256)}, {_end(self.rule, self.target)}'


@dataclass(frozen=True, slots=True)
class Packed:
    """What stands in a bundle of a target: an entry for every file, by path, and the rules that it lacks."""

    target: str
    entries: tuple[Entry, ...]
    gaps: tuple[RuleGap, ...] = ()

    @property
    def paths(self) -> set[str]:
        """The paths of its files below the bundle's folder."""
        return {entry.path for entry in self.entries}

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Packed:
        """What stands there of the target that these are parts of."""
        entries = sorted((entry for part in parts for entry in part.entries), key=lambda entry: entry.path)
        assert len({entry.path for entry in entries}) == len(entries), f"{parts[0].target} writes a file twice"
        return cls(parts[0].target, tuple(entries), tuple(gap for part in parts for gap in part.gaps))


@dataclass(frozen=True, slots=True)
class Build:
    """What a target was built from: the version of cmpolicy, the sources' revision, and the options that tell.

    `sources` is where each rule stands at this revision, `FILE:LINE` by its id (`places.py`).
    """

    cmpolicy: str
    revision: str | None
    enforce: bool
    parameters: Json
    sources: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "cmpolicy": self.cmpolicy,
            "revision": self.revision,
            "enforce": self.enforce,
            "parameters": self.parameters,
            "sources": self.sources,
        }


@dataclass(frozen=True, slots=True)
class Record:
    """What `bundle.json` says: of every target in the folder what it was built from, and every file.

    Targets may have been built one after the other, with different options. What holds of all of them is said at the
    top too, and null where they differ, so that the same folder has the same record in whatever order it came to be.
    """

    builds: Mapping[str, Build]
    files: tuple[Entry, ...]
    rules: str | None = None
    """The digest of `rules.json` (`rules.py`); None where a bundle has none."""

    def text(self) -> str:
        """The file's text."""
        builds = {target: self.builds[target].document() for target in sorted(self.builds)}
        document = {
            "schema": SCHEMA,
            **{key: _common([build[key] for build in builds.values()]) for key in KEYS},
            "targets": list(builds),
            "builds": builds,
            **({} if self.rules is None else {"rules": {"path": RULES_FILE, "sha256": self.rules}}),
        }
        head = json.dumps(document, indent=2, ensure_ascii=False).removesuffix("\n}")
        # a line each: thousands of them take a tenth of the time that indenting them would
        files = ",".join([f"\n    {entry.line()}" for entry in self.files])
        return f'{head},\n  "files": [{files}\n  ]\n}}\n'

    def carried(self, target: str) -> frozenset[str]:
        """The ids of the rules that the target's files are of. It may be built from more: of those it declared gaps."""
        return frozenset(entry.rule for entry in self.files if entry.target == target and entry.rule is not None)

    def with_earlier(self, earlier: Record) -> Record:
        """The record with the targets that this build left alone."""
        kept = (entry for entry in earlier.files if entry.target not in self.builds)
        files = sorted((*self.files, *kept), key=lambda entry: entry.path)
        return Record({**earlier.builds, **self.builds}, tuple(files), self.rules)


KEYS = ("cmpolicy", "revision", "enforce", "parameters")


def _common(values: Sequence[Json]) -> Json:
    return values[0] if values and all(value == values[0] for value in values) else None


def parameters_of(rules: Iterable[ir.Rule]) -> dict[str, Json]:
    """The value of every parameter, by rule, both sorted."""
    return {
        rule.id: {each.name: _json(each.default) for each in sorted(rule.parameters, key=lambda each: each.name)}
        for rule in sorted(rules, key=lambda rule: rule.id)
        if rule.parameters
    }


def _json(constant: ir.Constant) -> Json:
    return list(constant) if isinstance(constant, tuple) else constant


def entries(folders: Sequence[Folder]) -> tuple[Entry, ...]:
    """An entry for every file."""
    return tuple(entry(folder.target, file, file.text.encode()) for folder in folders for file in folder.files)


def entry(target: str, file: File, content: bytes) -> Entry:
    """The entry of a file with this content."""
    return Entry(f"{target}/{file.path}", sha256(content), file.rule, target)


def sha256(content: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_record(folder: Path) -> Record:
    """What the bundle in this folder says; nothing where there is no bundle or an unreadable one."""
    try:
        content = (folder / FILE).read_bytes()
        read_json(content)  # refuses what two readers could understand in two ways
        raw = json.loads(content)
        if raw["schema"] != SCHEMA:
            return Record({}, ())
        # A record without builds is of the time when the top of it was said of all its targets.
        listed = raw.get("builds") or {target: {key: raw[key] for key in KEYS} for target in raw["targets"]}
        builds = {str(target): Build(**build) for target, build in listed.items()}
        if not all(map(_is_plain, builds.values())):
            return Record({}, ())
        rules = raw["rules"]["sha256"] if "rules" in raw else None
        return Record(builds, tuple(Entry(**each) for each in raw["files"]), rules)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Record({}, ())


def _is_plain(build: Build) -> bool:
    places: object = build.sources
    return isinstance(places, dict) and all(isinstance(place, str) for place in places.values())
