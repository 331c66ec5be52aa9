"""A corpus as evidence: an object in it shows what no search found."""

from __future__ import annotations

from pathlib import Path

from cmpolicy import ir
from cmpolicy.diff.compare import compare_sides
from cmpolicy.diff.impact import with_impact
from cmpolicy.diff.meaning import Comparer
from cmpolicy.diff.model import Evidence, Meaning, Report
from cmpolicy.diff.sides import Side
from cmpolicy.manifests import read_paths
from cmpolicy.targets import load_target
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump

from tests.diff.test_meaning import SPEC, of

NAMED = ir.Matches(ir.Get(SPEC, "serviceAccountName"), "^[a-f]{4}-[0-9]{4}$")


def report(old: ir.Rule, new: ir.Rule) -> Report:
    """The two compared without any search."""
    sides = [Side(name, {None: {rule.id: rule}}) for name, rule in (("old", old), ("new", new))]
    return compare_sides(sides[0], sides[1], [load_target("vap")], comparer=Comparer(samples=0))


def with_object(found: Report, folder: Path, name: str) -> Report:
    manifest: JsonMap = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"serviceAccountName": name},
    }
    (folder / "a.yaml").write_text(dump(manifest))
    return with_impact(found, read_paths([str(folder)]))


def test_an_object_of_the_corpus_decides_what_no_search_does(tmp_path: Path) -> None:
    found = report(of(ir.TRUE), of(ir.Not(NAMED)))
    assert [(change.meaning, change.evidence) for change in found.changes] == [(Meaning.UNDECIDED, Evidence.UNKNOWN)]
    (change,) = with_object(found, tmp_path, "abcd-1234").changes
    assert (change.meaning, change.evidence) == (Meaning.TIGHTENED, Evidence.PROVED)
    assert [witness.newly for witness in change.witnesses] == ["rejected"]


def test_a_direction_that_nothing_was_tried_in_gets_a_witness_from_the_corpus(tmp_path: Path) -> None:
    (change,) = with_object(report(of(NAMED), of(ir.Not(NAMED))), tmp_path, "abcd-1234").changes
    assert (change.meaning, change.evidence) == (Meaning.TIGHTENED, Evidence.WITNESS)


def test_an_object_that_shows_nothing_changes_nothing(tmp_path: Path) -> None:
    found = report(of(ir.TRUE), of(ir.Not(NAMED)))
    assert with_object(found, tmp_path, "other").changes == found.changes
