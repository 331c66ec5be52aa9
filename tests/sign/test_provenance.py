"""Provenance: every object of a bundle has its rule, its line and its commit, and no other bundle has the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from cmpolicy.bundle.record import Build, Record, entries
from cmpolicy.pipeline import Folder, package
from cmpolicy.sign.bundle import sign_bundle
from cmpolicy.sign.provenance import LOCAL, OBJECTS, Origin, Traced, check_provenance, provenance
from cmpolicy.sign.statement import PROVENANCE
from cmpolicy.sign.strict import NotVerified
from cmpolicy.targets import load_target
from cmpolicy.targets.protocol import File, Options

from tests.sample_rules import RULES
from tests.sign.samples import DIGEST, KEY, Document, verify

FIRST, SECOND = RULES[0], RULES[1]
PLACES = {FIRST.id: "policies/pack/first.py:12", SECOND.id: "policies/pack/second.py:7"}
BUILD = Build("1.2.3", "c0ffee", False, {FIRST.id: {"minimum": 3}}, PLACES)
FOLDERS = tuple(package([FIRST, SECOND], load_target(name), Options()) for name in ("datree", "vap"))


def record_of(*folders: Folder, build: Build = BUILD) -> Record:
    return Record({folder.target: build for folder in folders}, entries(folders))


def files_of(*folders: Folder) -> Mapping[str, bytes]:
    return {f"{folder.target}/{file.path}": file.text.encode() for folder in folders for file in folder.files}


RECORD, FILES = record_of(*FOLDERS), files_of(*FOLDERS)
STATEMENT = provenance(DIGEST, RECORD, FILES, Origin())


def refusal(record: Record, files: Mapping[str, bytes]) -> str:
    with pytest.raises(NotVerified) as raised:
        check_provenance(STATEMENT, record, files)
    return str(raised.value)


def test_every_object_has_its_rule_line_and_commit() -> None:
    objects: Document = STATEMENT.predicate[OBJECTS]
    traced = {(each["kind"].split("/")[-1], each["name"]): (each["rule"], each["source"]) for each in objects}
    expected = {}
    for rule in (FIRST, SECOND):
        told = (rule.id, PLACES[rule.id])
        expected[("customRule", rule.id.upper().replace("-", "_"))] = told
        expected[("ValidatingAdmissionPolicy", rule.id)] = told
        expected[("ValidatingAdmissionPolicyBinding", rule.id)] = told
    assert traced == expected
    assert {each["commit"] for each in objects} == {"c0ffee"}
    assert {each["file"] for each in objects if each["target"] == "datree"} == {"datree/policies.yaml"}
    assert {each["sha256"] for each in objects} <= {entry.sha256 for entry in RECORD.files}


def test_the_predicate_has_the_fields_of_slsa() -> None:
    predicate: Document = provenance(
        DIGEST, RECORD, FILES, Origin("https://ci.example", "https://git.example/a")
    ).predicate
    definition = predicate["buildDefinition"]
    assert predicate.keys() == {"buildDefinition", "runDetails", "cmpolicy_objects"}
    assert definition["externalParameters"]["targets"]["vap"] == {"enforce": False, "parameters": BUILD.parameters}
    assert definition["resolvedDependencies"] == [
        {"name": "rules", "digest": {"gitCommit": "c0ffee"}, "uri": "git+https://git.example/a"}
    ]
    assert predicate["runDetails"] == {"builder": {"id": "https://ci.example"}}


@pytest.mark.parametrize("revision", [None, "c0ffee-dirty"])
def test_sources_that_no_commit_holds_are_no_commit(revision: str | None) -> None:
    record = record_of(*FOLDERS, build=replace(BUILD, revision=revision))
    predicate: Document = provenance(DIGEST, record, FILES, Origin()).predicate
    assert predicate["buildDefinition"]["resolvedDependencies"] == []
    assert {each["commit"] for each in predicate[OBJECTS]} == {revision}


def test_it_is_the_same_for_the_same_bundle() -> None:
    swapped = Record(dict(reversed(list(RECORD.builds.items()))), RECORD.files)
    assert provenance(DIGEST, swapped, FILES, Origin()).payload() == STATEMENT.payload()


def test_it_is_verified_with_the_bundle_that_it_is_about() -> None:
    read = verify(sign_bundle(KEY, STATEMENT), kind=PROVENANCE)
    assert check_provenance(read, RECORD, FILES) == Traced(LOCAL, ("c0ffee",), rules=2, objects=6, untraced=0)


def test_objects_without_a_line_or_a_commit_are_counted() -> None:
    for build in (replace(BUILD, sources={FIRST.id: "a.py:1"}), replace(BUILD, revision=None)):
        record = record_of(FOLDERS[1], build=build)
        files = files_of(FOLDERS[1])
        traced = check_provenance(provenance(DIGEST, record, files, Origin()), record, files)
        assert traced.untraced == (2 if build.revision else 4)


def test_an_object_that_was_changed_is_named() -> None:
    vap = FOLDERS[1]
    changed = Folder("vap", tuple(File(each.path, each.text + "\n", each.rule) for each in vap.files))
    told = refusal(record_of(FOLDERS[0], changed), files_of(FOLDERS[0], changed))
    assert told == f"the provenance tells of other objects: it lacks `vap/policies/{min(PLACES)}.yaml` as it is there"


def test_an_object_that_is_gone_is_named() -> None:
    told = refusal(record_of(FOLDERS[1]), files_of(FOLDERS[1]))
    assert told == "the provenance tells of other objects: the bundle has not `datree/policies.yaml` as it is there"


def test_another_line_or_commit_is_not_what_was_signed() -> None:
    for build in (replace(BUILD, revision="c0ffed"), replace(BUILD, sources=PLACES | {FIRST.id: "first.py:13"})):
        assert refusal(record_of(*FOLDERS, build=build), FILES).startswith("the provenance tells of other objects")


@pytest.mark.parametrize(
    ("predicate", "told"),
    [
        ({}, "the provenance: `null` is no map"),
        ({"buildDefinition": {}, "runDetails": {}}, "the provenance: `buildType` is missing"),
        ({"buildDefinition": {"buildType": "urn:other"}, "runDetails": {"builder": {"id": "x"}}},
         "the provenance is of a build of another kind, `urn:other`"),
        ({"buildDefinition": {"buildType": "urn:cmpolicy:build:v1"}, "runDetails": {"builder": {"id": "x"}}},
         "the provenance: `cmpolicy_objects` is missing"),
    ],
)  # fmt: skip
def test_provenance_of_something_else_is_refused(predicate: Document, told: str) -> None:
    with pytest.raises(NotVerified) as raised:
        check_provenance(replace(STATEMENT, predicate=predicate), RECORD, FILES)
    assert str(raised.value) == told
