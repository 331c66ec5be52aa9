"""The report as JSON: `cmpolicy.check/v1`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cmpolicy.admission.documents import Admission
from cmpolicy.check import Document, Result
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.evaluate import Verdict
from cmpolicy.report.findings import Report, owner
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump_json

SCHEMA = "cmpolicy.check/v1"
PROBLEMS_SCHEMA = "cmpolicy.problems/v1"


def render(report: Report, *, everything: bool) -> str:
    """The whole report; `everything` lists passes and skips beside the failures."""
    shown = report.results if everything else report.failures
    document: JsonMap = {
        "schema": SCHEMA,
        **({"cluster": {"context": report.context}} if report.context else {}),
        **({"admission": _admission(report.admission)} if report.admission else {}),
        "summary": {
            "objects": report.objects,
            "rules": report.rules,
            **{verdict.value: report.counts.get(verdict, 0) for verdict in Verdict},
        },
        "results": [_result(result) for result in shown],
        "problems": [problem(each) for each in report.problems],
        "notes": list(report.notes),
    }
    return dump_json(document).rstrip()


def _admission(admission: Admission) -> JsonMap:
    return {"kubernetes": admission.kubernetes, "asWritten": [str(kind) for kind in admission.as_written]}


def render_problems(problems: Sequence[Diagnostic]) -> str:
    """What a command says that could not do anything else: `cmpolicy.problems/v1`."""
    document = {"schema": PROBLEMS_SCHEMA, "problems": [problem(each) for each in problems]}
    return json.dumps(document, indent=2)


def _result(result: Result) -> JsonMap:
    about, made_by = result.rule.about, owner(result.document)
    return {
        "rule": result.rule.id,
        "pack": about.pack,
        "verdict": result.verdict,
        "severity": about.severity,
        "object": _identity(result.document.value),
        **({"owner": made_by} if made_by else {}),
        **_place(result),
        "message": result.message,
        "remedy": {"helm": result.helm, "text": about.remedy, "docs": about.docs},
    }


def _place(result: Result) -> JsonMap:
    place = result.place or result.document.place("")
    return {
        "file": place.file,
        "document": result.document.index,
        "line": place.line,
        "column": place.column,
        "path": place.path,
    }


def identity(document: Document) -> JsonMap:
    """The names by which people know an object; a part that is no string is empty."""
    return _identity(document.value)


def _identity(manifest: JsonMap) -> JsonMap:
    metadata = manifest.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    return {
        "apiVersion": _text(manifest.get("apiVersion")),
        "kind": _text(manifest.get("kind")),
        "namespace": _text(named.get("namespace")),
        "name": _text(named.get("name")) or _text(named.get("generateName")),
    }


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def problem(found: Diagnostic) -> JsonMap:
    """A diagnostic; of one without a place the place is the first."""
    return {
        "code": found.code,
        "level": found.level,
        "file": found.file,
        "line": max(found.line, 1),
        "column": max(found.column, 1),
        "message": found.message,
        "help": found.help,
    }
