"""Realistic cases are well typed, and still go both ways."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge, kind_of
from cmpolicy.generate import coverage, objects
from cmpolicy.generate.edit import Place
from cmpolicy.generate.fitting import fitting
from cmpolicy.shapes import misfits
from cmpolicy.values import Json

from tests.sample_rules import CONFIG_MAP, DEPLOYMENT, PDB, SETTINGS

AMOUNT = 150
TEMPLATE = ("spec", "template", "spec")
UNKNOWN = ir.Kind("example.com", "v1", "Thing", "things", namespaced=True)


def test_realistic_cases_are_well_typed_and_judged_both_ways(rules: tuple[ir.Rule, ...]) -> None:
    for rule in rules:
        cases = list(objects(rule, 1, AMOUNT, realistic=True))
        wrong = [case for case in cases if misfits(case.manifest) or kind_of(rule, case.manifest) is None]
        assert (rule.id, wrong) == (rule.id, [])
        assert all(case.has_identity for case in cases)
        verdicts = [judge(rule, case.manifest, case.old).verdict for case in cases]
        assert min(verdicts.count(Verdict.PASS), verdicts.count(Verdict.FAIL)) > len(cases) / 20, rule.id


def test_what_no_server_takes_stays_uncovered() -> None:
    uncovered = [row.atom.text for row in coverage(SETTINGS, objects(SETTINGS, 1, 400, realistic=True)).uncovered]
    assert uncovered == ["v is string", "obj.immutable is string"]


@pytest.mark.parametrize(
    ("kind", "place", "value", "expected"),
    [
        (DEPLOYMENT, ("spec", "replicas"), 3, True),
        (DEPLOYMENT, ("spec", "replicas"), 3.0, False),
        (DEPLOYMENT, ("spec", "replicas"), "3", False),
        (DEPLOYMENT, ("spec", "replicas"), True, False),
        (DEPLOYMENT, ("spec", "replicas"), 2**31, False),
        (DEPLOYMENT, ("spec", "replicas"), None, False),
        (DEPLOYMENT, ("spec", "replica"), 3, False),
        (DEPLOYMENT, (*TEMPLATE, "hostNetwork"), "true", False),
        (DEPLOYMENT, (*TEMPLATE, "containers"), [{"name": "a"}], True),
        (DEPLOYMENT, (*TEMPLATE, "containers"), [None], False),
        (DEPLOYMENT, (*TEMPLATE, "containers", 0), {"nam": "a"}, False),
        (DEPLOYMENT, (*TEMPLATE, "containers", "0"), {"name": "a"}, False),
        (DEPLOYMENT, (*TEMPLATE, "containers", 0, "resources", "limits", "memory"), "1Gi", True),
        (DEPLOYMENT, (*TEMPLATE, "containers", 0, "resources", "limits", "memory"), "1gi", False),
        (PDB, ("spec", "maxUnavailable"), "1%", True),
        (PDB, ("spec", "maxUnavailable"), [], False),
        (CONFIG_MAP, ("data",), {"a": "b"}, True),
        (CONFIG_MAP, ("data",), {"": "b"}, False),
        (CONFIG_MAP, ("metadata", "name"), "a-b.c", True),
        (CONFIG_MAP, ("metadata", "name"), "a\n", False),
        (CONFIG_MAP, ("metadata", "namespace"), "", False),
        (UNKNOWN, ("spec", "anything"), [1], True),
        (UNKNOWN, ("spec", "anything"), None, False),
    ],
)
def test_fitting(kind: ir.Kind, place: Place, value: Json, expected: bool) -> None:
    assert fitting(kind).fits(place, value) is expected
