"""Which rules say something else of an object once a server has admitted it: those that say so, and no others."""

from __future__ import annotations

import json
import re

from cmpolicy import ir
from cmpolicy.admission import admitted
from cmpolicy.diff.ready import ready
from cmpolicy.evaluate import Verdict, inventory, judge
from cmpolicy.generate import objects
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import JsonMap

from tests.admission.answers import kind_of

RULES = load_packs(built_in_packs()).rules
SEED, AMOUNT = 3, 30
FINE = re.compile('"[0-9.]+[nu]"')
"""An amount below thousandths. A server rounds it up: 9999u of CPU are 10m then, which no rule could say in advance."""


def test_by_their_examples_these_are_for_manifests_only() -> None:
    changed = {rule.id for rule in RULES for example in (*rule.about.good, *rule.about.bad) if _changes(rule, example)}
    assert changed == {rule.id for rule in RULES if rule.about.manifest_only}


def test_so_they_are_by_generated_objects() -> None:
    made = ((rule, case) for rule in RULES for case in objects(rule, SEED, AMOUNT, realistic=True) if case.old is None)
    cases = [(rule, ir.Example(case.manifest, tuple(case.others))) for rule, case in made]
    changed = {rule.id for rule, case in cases if not FINE.search(json.dumps(case.object)) and _changes(rule, case)}
    assert changed == {rule.id for rule in RULES if rule.about.manifest_only}


def _changes(rule: ir.Rule, example: ir.Example) -> bool:
    written = [_completed(each) for each in (example.object, *example.others)]
    return _verdict(rule, written) != _verdict(rule, [_admitted(each) for each in written])


def _verdict(rule: ir.Rule, seen: list[JsonMap]) -> Verdict:
    return judge(rule, seen[0], None, inventory(seen[1:])).verdict


def _completed(manifest: JsonMap) -> JsonMap:
    kind = kind_of(manifest)
    return manifest if kind is None else ready(manifest, kind)


def _admitted(manifest: JsonMap) -> JsonMap:
    kind = kind_of(manifest)
    return manifest if kind is None else admitted(manifest, kind)
