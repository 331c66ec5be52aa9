"""SLSA provenance, version 1: of what sources a bundle was built, and of every object in it which line of them it is from.

Format: `https://slsa.dev/spec/v1.1/provenance`. It holds no time and no name of a machine: the same bundle has the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmpolicy.bundle.record import Record
from cmpolicy.content import canonical, shown
from cmpolicy.ir_json.read import each, mapping, text
from cmpolicy.sign.statement import PROVENANCE, Statement
from cmpolicy.sign.strict import reading, require
from cmpolicy.targets.emitted import Emitted, emitted
from cmpolicy.values import Json, JsonMap

BUILD_TYPE = "urn:cmpolicy:build:v1"
"""`externalParameters.targets` is what each target was built with, as in `bundle.json`; `OBJECTS` lists what came of it."""
LOCAL = "urn:cmpolicy:builder:local"
"""The builder that is whoever holds the key."""
OBJECTS = "cmpolicy_objects"
"""The field of the predicate with the objects, named as SLSA wants extensions to be."""
DIRTY = "-dirty"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who built, as a URI, and where the sources are: an address to clone from; empty where nobody says."""

    builder: str = LOCAL
    repository: str = ""


def provenance(digest: str, record: Record, files: Mapping[str, bytes], origin: Origin) -> Statement:
    """The statement about the bundle of this digest, whose record and files are given."""
    targets = sorted(record.builds.items())
    parameters = {name: {"enforce": build.enforce, "parameters": build.parameters} for name, build in targets}
    predicate: JsonMap = {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {"targets": parameters},
            "internalParameters": {"cmpolicy": {name: build.cmpolicy for name, build in targets}},
            "resolvedDependencies": _sources(record, origin.repository),
        },
        "runDetails": {"builder": {"id": origin.builder}},
        OBJECTS: _objects(record, files),
    }
    return Statement(digest, PROVENANCE, predicate)


def _sources(record: Record, repository: str) -> list[Json]:
    """The commits. Sources that were changed after one are none: nobody can get them by it."""
    revisions = {build.revision for build in record.builds.values() if build.revision}
    address = {"uri": f"git+{repository}"} if repository else {}
    return [
        {"name": "rules", "digest": {"gitCommit": revision}, **address}
        for revision in sorted(revisions)
        if not revision.endswith(DIRTY)
    ]


def _objects(record: Record, files: Mapping[str, bytes]) -> list[Json]:
    return [_object(found, record) for found in emitted(record, files)]


def _object(found: Emitted, record: Record) -> JsonMap:
    build = record.builds[found.entry.target]
    return {
        "target": found.entry.target,
        "file": found.entry.path,
        "sha256": found.entry.sha256,
        "kind": found.kind,
        "name": found.name,
        "rule": found.rule,
        "source": build.sources.get(found.rule) if found.rule else None,
        "commit": build.revision,
    }


@dataclass(frozen=True, slots=True)
class Traced:
    """What provenance says in short: the builder, commits, and numbers of rules, of objects, and of those without a line."""

    builder: str
    commits: tuple[str, ...]
    rules: int
    objects: int
    untraced: int


def check_provenance(statement: Statement, record: Record, files: Mapping[str, bytes]) -> Traced:
    """Hold verified provenance against the bundle that it is about. Raises `NotVerified` if it tells of other objects."""
    predicate = statement.predicate
    with reading("the provenance"):
        definition, details = mapping(predicate.get("buildDefinition")), mapping(predicate.get("runDetails"))
        kind, builder = text(definition, "buildType"), text(mapping(details.get("builder")), "id")
        require(kind == BUILD_TYPE, f"the provenance is of a build of another kind, `{shown(kind)}`")
        listed = [mapping(found) for found in each(predicate, OBJECTS)]
    known = _objects(record, files)
    require(canonical(listed) == canonical(known), f"the provenance tells of other objects{_differing(listed, known)}")
    rules = {found["rule"] for found in listed if found["rule"]}
    commits = {str(found["commit"]) for found in listed if found["commit"]}
    untraced = sum(1 for found in listed if found["rule"] and not (found["source"] and found["commit"]))
    return Traced(builder, tuple(sorted(commits)), len(rules), len(listed), untraced)


def _differing(listed: list[JsonMap], known: list[Json]) -> str:
    """The first that only one of them has, in words."""
    for first, second, where in ((known, listed, "it lacks"), (listed, known, "the bundle has not")):
        held = {canonical(other) for other in second}
        for found in first:
            if canonical(found) not in held:
                return f": {where} `{shown(str(mapping(found).get('file')))}` as it is there"
    return ""
