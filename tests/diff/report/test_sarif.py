"""The log for code scanning, in the shape that SARIF 2.1.0 and its readers ask for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from cmpolicy import ir
from cmpolicy.diagnostics import Diagnostic, Level
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Aspect, Meaning, Note
from cmpolicy.diff.places import Places
from cmpolicy.diff.report.sarif import render
from cmpolicy.diff.review import Review
from jsonschema import Draft202012Validator

from tests.diff.report.samples import HOSTILE, approved, change, hostile, review

NOWHERE = Places(Path("/no/such"), Path("/no/such"))


def closed(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = closed(["text"], text=TEXT)
LINE = {"type": "integer", "minimum": 1}
LOCATION = closed(
    ["physicalLocation"],
    physicalLocation=closed(
        ["artifactLocation"],
        artifactLocation=closed(
            ["uri"], uri={"type": "string", "pattern": "^[!-~]+$"}, uriBaseId={"const": "%SRCROOT%"}
        ),
        region=closed(["startLine"], startLine=LINE, endLine=LINE),
    ),
)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RESULT = closed(
    ["message", "ruleId", "ruleIndex", "level", "partialFingerprints"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    partialFingerprints={"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
    properties={"type": "object"},
    suppressions={
        "type": "array",
        "items": closed(
            ["kind"], kind={"enum": ["inSource", "external"]}, status={"const": "accepted"}, justification=TEXT
        ),
    },
)
RUN = closed(
    ["tool", "results"],
    tool=closed(
        ["driver"],
        driver=closed(
            ["name", "version", "rules"],
            name=TEXT,
            version=TEXT,
            rules={"type": "array", "items": closed(["id"], id=TEXT, shortDescription=MESSAGE)},
        ),
    ),
    automationDetails=closed(["id"], id={"type": "string", "pattern": "/$"}),
    columnKind={"const": "unicodeCodePoints"},
    invocations={
        "type": "array",
        "items": closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications={
                "type": "array",
                "items": closed(
                    ["message"], level=LEVEL, message=MESSAGE, locations={"type": "array", "items": LOCATION}
                ),
            },
        ),
    },
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["version", "runs"],
    **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN, "minItems": 1}},
)
"""What of SARIF's schema is used here: its names, what it requires, and no name that it does not know."""


def run(asked: Review, places: Places = NOWHERE) -> dict[str, Any]:
    log = json.loads(render(asked, places))
    assert [error.message for error in Draft202012Validator(LOG).iter_errors(log)] == []
    (found,) = log["runs"]
    assert isinstance(found, dict)
    return found


def test_a_change_is_a_result_with_a_place_and_a_fingerprint() -> None:
    (result,) = run(review())["results"]
    assert (result["ruleId"], result["level"]) == ("tightened", "error")
    assert result["partialFingerprints"] == {"cmpolicyChange/v1": "abcdef012345"}
    place = result["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "policies/pack/one.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12, "endLine": 12},
    }
    assert result["message"]["text"].startswith("my-one: tightened on vap, proved\n")
    assert "suppressions" not in result


def test_every_result_names_a_rule_that_the_tool_declares() -> None:
    loud = (Note(Aspect.MESSAGE, "a -> b"),)
    found = run(review(*(change(f"my-{meaning}", meaning=meaning, notes=loud) for meaning in Meaning)))
    rules = found["tool"]["driver"]["rules"]
    assert len(found["results"]) == len(Meaning)
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_what_no_gate_stops_is_a_note_and_what_is_unknown_a_warning() -> None:
    changes = [change(), change("my-two", meaning=Meaning.UNDECIDED)]
    assert [each["level"] for each in run(review(*changes, gates=(Gate.LOOSENED,)))["results"]] == ["note", "warning"]


def test_what_is_approved_is_suppressed() -> None:
    (result,) = run(approved(review()))["results"]
    assert result["level"] == "note"
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "by @acme/security: why not"}
    ]


def test_generated_text_alone_is_no_result() -> None:
    silent = change(meaning=Meaning.EQUIVALENT, notes=(Note(Aspect.TEXT, "vap"),))
    assert run(review(silent))["results"] == []


def test_a_side_that_is_not_read_is_a_run_that_failed() -> None:
    problems = (
        Diagnostic("values", "it is wrong", "a b.py", 3, 1, help="do it right"),
        Diagnostic("approvals", "it is old", "../x.yaml", level=Level.WARNING),
    )
    asked = review()
    (invocation,) = run(replace(asked, report=replace(asked.report, problems=problems)))["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert (first["level"], first["message"]["text"]) == ("error", "it is wrong: do it right")
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.py"
    assert second["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "../x.yaml"}}}]
    (invocation,) = run(replace(asked, report=replace(asked.report, problems=problems[1:])))["invocations"]
    assert invocation["executionSuccessful"] is True


def test_hostile_text_stays_text() -> None:
    (result,) = run(approved(review(hostile()), HOSTILE, HOSTILE))["results"]
    assert "](" not in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == f"a,b:{HOSTILE}.py"


def test_a_file_name_that_is_no_text_has_a_uri() -> None:
    place = ir.Location("a\udce9.py", 1, 1)
    (result,) = run(review(change(places=(place, place))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%3F.py"


def test_a_rule_without_a_place_has_no_location() -> None:
    (result,) = run(review(change(places=(None, None))))["results"]
    assert result["locations"] == []
