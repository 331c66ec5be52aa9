"""The objects that a bundle's policy files hold, and the rule that each is made for.

They are found by the first lines of each as the writer of YAML writes them: to parse the files of 200 rules takes longer
than to publish them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cmpolicy.bundle.record import Entry, Record
from cmpolicy.pipeline import TESTS
from cmpolicy.targets.datree.gaps import spelled

DATREE_RULE = "datree/customRule"

_OBJECT = re.compile(r"^apiVersion: (.+)\nkind: (.+)\nmetadata:\n  name: (.+)$", re.MULTILINE)
_DATREE_RULE = re.compile(r"^  - identifier: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Emitted:
    """An object: the file that holds it, its kind (`kyverno.io/v1/ClusterPolicy`), its name, and its rule.

    None is the rule of what is made for several, such as the role that lets an engine look up objects.
    """

    entry: Entry
    kind: str
    name: str
    rule: str | None


def emitted(record: Record, files: Mapping[str, bytes]) -> tuple[Emitted, ...]:
    """The objects of a bundle, whose files are given by path; those of the tests are none."""
    policies = (entry for entry in record.files if not entry.path.startswith(f"{entry.target}/{TESTS}"))
    return tuple(each for entry in policies for each in _objects(entry, files[entry.path].decode(), record))


def _objects(entry: Entry, text: str, record: Record) -> Iterator[Emitted]:
    for match in _OBJECT.finditer(text):
        version, kind, name = map(_plain, match.groups())
        yield Emitted(entry, f"{version}/{kind}", name, entry.rule)
    if entry.path == "datree/policies.yaml":
        rules = _spelled_rules(record, entry.target)
        for match in _DATREE_RULE.finditer(text):
            yield Emitted(entry, DATREE_RULE, _plain(match[1]), rules.get(_plain(match[1])))


def _spelled_rules(record: Record, target: str) -> Mapping[str, str]:
    """The target's rules by the identifiers that Datree has for them; each has a file of tests at the least."""
    return {spelled(entry.rule): entry.rule for entry in record.files if entry.target == target and entry.rule}


def _plain(scalar: str) -> str:
    return scalar.strip("\"'")
