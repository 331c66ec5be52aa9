"""A comparison as SARIF 2.1.0, for code scanning: a result for each rule that changed, a suppressed one if it is approved.

The rules of SARIF are the meanings that a change can have; the policy rule stands in the message and the properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from cmpolicy import __version__
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.lines import changed_lines
from cmpolicy.diff.model import Change, Meaning
from cmpolicy.diff.places import Places
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review, Weight
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump_json

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "cmpolicyChange/v1"
ROOT = "%SRCROOT%"
_LEVELS: Mapping[Weight, str] = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.NOTICE: "note"}
_DESCRIPTIONS: Mapping[Meaning, str] = {
    Meaning.EQUIVALENT: "The rule rejects the same objects; something else of it changed",
    Meaning.TIGHTENED: "The rule rejects objects that it accepted",
    Meaning.LOOSENED: "The rule accepts objects that it rejected",
    Meaning.MIXED: "The rule rejects objects that it accepted, and accepts others that it rejected",
    Meaning.UNDECIDED: "No difference was found in what the rule rejects, and none was ruled out",
}


def render(review: Review, places: Places) -> str:
    """The log, as JSON."""
    changes = [change for change in review.report.changes if not change.is_silent]
    run: JsonMap = {
        "tool": {"driver": {"name": "cmpolicy diff", "version": __version__, "rules": [*map(_rule, Meaning)]}},
        "automationDetails": {"id": "cmpolicy-diff/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(review, places)],
        "results": [_result(change, review, places) for change in changes],
    }
    return dump_json({"$schema": SCHEMA, "version": VERSION, "runs": [run]}).rstrip()


def _rule(meaning: Meaning) -> JsonMap:
    return {"id": meaning.value, "shortDescription": {"text": _DESCRIPTIONS[meaning]}}


def _invocation(review: Review, places: Places) -> JsonMap:
    problems = review.report.problems
    alarms: list[JsonMap] = [{"level": "error", "message": {"text": _plain(each)}} for each in words.alarms(review)]
    return {
        "executionSuccessful": all(problem.level is not Level.ERROR for problem in problems),
        "toolExecutionNotifications": [*(_notification(problem, places) for problem in problems), *alarms],
    }


def _notification(problem: Diagnostic, places: Places) -> JsonMap:
    lines = (problem.line, problem.line) if problem.line else None
    return {
        "level": problem.level.value,
        "message": {"text": _plain(": ".join(filter(None, (problem.message, problem.help))))},
        "locations": [_location(places.from_root(problem.file), lines)] if problem.file else [],
    }


def _result(change: Change, review: Review, places: Places) -> JsonMap:
    found = changed_lines(change, places.read)
    result: dict[str, Json] = {
        "ruleId": change.meaning.value,
        "ruleIndex": list(Meaning).index(change.meaning),
        "level": _LEVELS[review.weight(change)],
        "message": {"text": _plain(f"{change.id}: {words.message(change, review)}")},
        "locations": [] if found is None else [_location(places.from_root(found.file), (found.start, found.end))],
        "partialFingerprints": {FINGERPRINT: change.fingerprint},
        "properties": _properties(change),
    }
    if (approval := review.approval(change)) is not None:
        told = words.approved(approval)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": told}]
    return result


def _plain(text: str) -> str:
    """The text without what SARIF takes for a link."""
    return text.replace("](", "] (")


def _properties(change: Change) -> JsonMap:
    return {
        "rule": change.rule or None,
        "oldRule": change.old_rule or None,
        "pack": change.pack,
        "severity": change.severity.value,
        "status": change.status.value,
        "evidence": change.evidence.value,
        "aspects": [*dict.fromkeys(note.aspect.value for note in words.told_notes(change))],
    }


def _location(file: str, lines: tuple[int, int] | None) -> JsonMap:
    inside = not PurePosixPath(file).is_absolute() and not file.startswith("../")
    artifact: JsonMap = {"uri": quote(file, errors="replace")} | ({"uriBaseId": ROOT} if inside else {})
    region: JsonMap = {} if lines is None else {"region": {"startLine": lines[0], "endLine": lines[1]}}
    return {"physicalLocation": {"artifactLocation": artifact, **region}}
