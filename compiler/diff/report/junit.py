"""A comparison as JUnit XML: a test for each rule that changed and each gate; it fails where the gate stops the change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.gates import Gate, reaches
from cmpolicy.diff.model import Change
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review

NAME = "cmpolicy diff"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to say."""


def render(review: Review) -> str:
    """The document. Two tests are always there: both sides are read whole, and all targets agree."""
    cases = [_read(review), _agree(review), *_versions(review), *_cases(review)]
    counts = {
        "tests": str(len(cases)),
        "failures": str(_with(cases, "failure")),
        "errors": str(_with(cases, "error")),
        "skipped": str(_with(cases, "skipped")),
    }
    suites = Element("testsuites", {"name": NAME, **counts})
    suite = SubElement(suites, "testsuite", {"name": _text(f"{NAME} {words.sides(review.report)}"), **counts})
    suite.extend(cases)
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}'


def _with(cases: list[Element], outcome: str) -> int:
    return sum(case.find(outcome) is not None for case in cases)


def _read(review: Review) -> Element:
    case = _case(NAME, "both sides are read")
    for problem in review.report.problems:
        if problem.level is Level.ERROR:
            _add(case, "error", problem.message, _told(problem))
    return case


def _told(problem: Diagnostic) -> str:
    return "\n".join(filter(None, (problem.place, problem.message, problem.help)))


def _agree(review: Review) -> Element:
    case = _case(NAME, "targets agree")
    for name in review.report.disputed:
        _add(case, "failure", f"{name} means one thing on a target and another on another", "")
    if told := words.disagreements(review.report):
        _add(case, "failure", told[0], "\n".join(told))
    return case


def _versions(review: Review) -> Iterator[Element]:
    """A test for each pack whose version has to go up, where a gate asks for it."""
    asked = any(gate in (Gate.VERSION, Gate.ANY) for gate in review.gates)
    for each in review.report.versions if asked else ():
        case = _case(each.pack, f"the version of {each.pack} goes up as far as its changes ask for")
        if each.is_too_small:
            told = "\n".join(words.versions(review.report))
            _add(case, "failure", f"{each.new} is declared, which is too small", told)
        yield case


def _cases(review: Review) -> Iterator[Element]:
    for change in review.report.changes:
        for gate in review.gates:
            yield _gated(change, gate, review)


def _gated(change: Change, gate: Gate, review: Review) -> Element:
    case = _case(f"{change.pack}.{change.id}", f"{change.id} passes --fail-on {gate}{_where(change, review)}")
    if not reaches(change, gate):
        return case
    if (approval := review.approval(change)) is not None:
        _add(case, "skipped", f"approved {words.approved(approval)}", "")
    else:
        _add(case, "failure", words.headline(change), words.message(change, review))
    return case


def _where(change: Change, review: Review) -> str:
    """The targets of a change, where another of the same rule needs a name of its own."""
    return f" {words.on_targets(change.targets)}" if change.id in review.report.disputed else ""


def _case(place: str, name: str) -> Element:
    return Element("testcase", {"classname": _text(place), "name": _text(name)})


def _add(case: Element, outcome: str, message: str, text: str) -> None:
    SubElement(case, outcome, {"message": _text(message)}).text = _text(text) or None


def _text(value: str) -> str:
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), value)
