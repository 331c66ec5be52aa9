"""Test results, parsed back."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Meaning
from cmpolicy.diff.report.junit import render
from cmpolicy.diff.review import Review

from tests.diff.report.samples import HOSTILE, approved, change, hostile, review

ALWAYS = ["both sides are read", "targets agree"]


def suite(asked: Review) -> Element:
    """The suite, whose counts are those of its cases."""
    suites = ElementTree.fromstring(render(asked))
    (found,) = suites
    cases = found.findall("testcase")
    for each in (suites, found):
        assert each.get("tests") == str(len(cases))
        for count, outcome in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert each.get(count) == str(sum(case.find(outcome) is not None for case in cases))
    return found


def outcomes(asked: Review) -> dict[str, str]:
    """Per test how it ended."""
    return {
        case.get("name") or "": next((each.tag for each in case), "passed") for case in suite(asked).findall("testcase")
    }


def test_a_test_for_each_rule_and_gate_fails_where_the_gate_stops() -> None:
    changes = [change("my-a"), change("my-b", meaning=Meaning.LOOSENED)]
    found = outcomes(review(*changes, gates=(Gate.TIGHTENED, Gate.LOOSENED)))
    assert found == {
        **dict.fromkeys(ALWAYS, "passed"),
        "my-a passes --fail-on tightened": "failure",
        "my-a passes --fail-on loosened": "passed",
        "my-b passes --fail-on tightened": "passed",
        "my-b passes --fail-on loosened": "failure",
    }


def test_there_is_a_test_also_where_nothing_changed() -> None:
    asked = review()
    assert outcomes(replace(asked, report=replace(asked.report, changes=()))) == dict.fromkeys(ALWAYS, "passed")


def test_a_failure_shows_the_object() -> None:
    failure = suite(review()).find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "tightened"
    assert "now rejected, was accepted:\n  apiVersion: v1\n  kind: Pod\n" in (failure.text or "")


def test_what_is_approved_is_skipped_and_says_why() -> None:
    skipped = suite(approved(review())).find("testcase/skipped")
    assert skipped is not None
    assert skipped.get("message") == "approved by @acme/security: why not"


def test_an_approval_of_what_no_gate_stops_skips_nothing() -> None:
    assert outcomes(approved(review(gates=(Gate.LOOSENED,))))["my-one passes --fail-on loosened"] == "passed"


def test_sides_that_are_not_read_and_targets_that_disagree_are_told() -> None:
    problems = (Diagnostic("values", "it is wrong", "x.py", 3, 1), Diagnostic("x", "old", level=Level.WARNING))
    asked = review(change(targets=()), change(meaning=Meaning.LOOSENED), disputed=("my-one",), problems=problems)
    found = suite(asked)
    error, failure = found.findall("testcase/error"), found.findall("testcase/failure")
    assert [each.get("message") for each in error] == ["it is wrong"]
    assert failure[0].get("message") == "my-one means one thing on a target and another on another"
    names = [case.get("name") for case in found.findall("testcase")]
    assert len(set(names)) == len(names) == 4


def test_hostile_text_stays_text() -> None:
    for asked in (review(hostile()), approved(review(hostile()), HOSTILE, HOSTILE)):
        found = suite(asked)
        assert {each.tag for each in found.iter()} <= {"testsuite", "testcase", "failure", "skipped"}
        (case,) = (each for each in found.findall("testcase") if each.get("classname") != "cmpolicy diff")
        assert "<script>alert(1)</script>" in (case.get("name") or "")
