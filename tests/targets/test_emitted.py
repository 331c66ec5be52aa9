"""The objects that are found in a bundle are those that a reader of YAML finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from cmpolicy.bundle.record import Build, Record, entries
from cmpolicy.pipeline import KUSTOMIZATION, TESTS, package
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.emitted import DATREE_RULE, Emitted, emitted
from cmpolicy.targets.protocol import Options

from tests.sample_rules import LOOKUPS, RULES

ALL = [*RULES, *LOOKUPS]


def bundle_of(target: str) -> tuple[Record, Mapping[str, bytes]]:
    """The record and files of a build."""
    folder = package(ALL, load_target(target), Options())
    record = Record({target: Build("1", "c0ffee", False, {}, {rule.id: "p/r.py:1" for rule in ALL})}, entries([folder]))
    return record, {f"{target}/{file.path}": file.text.encode() for file in folder.files}


def parsed(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    for path, text in files.items():
        if not path.split("/", 1)[1].startswith((TESTS, KUSTOMIZATION)):
            for document in yaml.safe_load_all(text):
                yield from named(path, document)


def named(path: str, document: Any) -> Iterator[tuple[str, str, str]]:
    if "customRules" in document:
        yield from ((path, DATREE_RULE, each["identifier"]) for each in document["customRules"])
    else:
        yield path, f"{document['apiVersion']}/{document['kind']}", document["metadata"]["name"]


def found(objects: tuple[Emitted, ...]) -> list[tuple[str, str, str]]:
    return [(each.entry.path, each.kind, each.name) for each in objects]


@pytest.mark.parametrize("target", TARGETS)
def test_the_objects_of_every_rule_are_found(target: str) -> None:
    record, files = bundle_of(target)
    objects = emitted(record, files)
    assert sorted(found(objects)) == sorted(parsed(files))
    assert len(objects) > len(RULES) // 2


@pytest.mark.parametrize("target", TARGETS)
def test_every_object_is_made_for_a_rule_or_for_several(target: str) -> None:
    record, files = bundle_of(target)
    shared = {each.entry.path for each in emitted(record, files) if each.rule is None}
    assert shared <= {f"{target}/access.yaml", f"{target}/syncset.yaml"}
    carried = {entry.rule for entry in record.files if entry.rule}
    assert {each.rule for each in emitted(record, files) if each.rule} == carried


def test_a_name_that_is_no_plain_text_in_yaml_is_found() -> None:
    record = Record({"vap": Build("1", None, False, {}, {})}, ())
    text = b'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "1e5"\n---\napiVersion: v1\nkind: Kustomization\n'
    folder = package([RULES[0]], load_target("vap"), Options())
    (entry, *_) = entries([folder])
    (only,) = emitted(Record(record.builds, (entry,)), {entry.path: text})
    assert (only.kind, only.name) == ("v1/ConfigMap", "1e5")
