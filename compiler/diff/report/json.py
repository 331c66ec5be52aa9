"""A comparison as JSON: `cmpolicy.diff/v1`, described in `docs/diff.md`."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.diff.approvals import Approval
from cmpolicy.diff.model import Change, Finding, TargetChange, Witness
from cmpolicy.diff.report.engines import engines_json
from cmpolicy.diff.report.impact import impact_counts, impact_json
from cmpolicy.diff.report.versions import versions_json
from cmpolicy.diff.review import Review
from cmpolicy.report.json import problem
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump_json

SCHEMA = "cmpolicy.diff/v1"


def render(review: Review) -> str:
    """The whole comparison."""
    report = review.report
    document: JsonMap = {
        "schema": SCHEMA,
        "old": report.old,
        "new": report.new,
        "summary": {**report.counts, "unchanged": report.unchanged, **impact_counts(report.impact)},
        "disputed": list(report.disputed),
        "not_compared": list(report.not_compared),
        "changes": [_change(change, review) for change in report.changes],
        "engines": list(engines_json(report)),
        "versions": list(versions_json(report)),
        "impact": impact_json(report.impact),
        "problems": [problem(each) for each in report.problems],
    }
    return dump_json(document).rstrip()


def _change(change: Change, review: Review) -> JsonMap:
    return {
        "rule": change.rule or None,
        "old_rule": change.old_rule or None,
        "pack": change.pack,
        "severity": change.severity.value,
        "status": change.status.value,
        "meaning": change.meaning.value,
        "evidence": change.evidence.value,
        "samples": change.samples,
        "at_defaults": change.at_defaults,
        "at_values": change.at_values,
        "tightened": _finding(change.tightened),
        "loosened": _finding(change.loosened),
        "aspects": [{"aspect": note.aspect.value, "text": note.text} for note in change.notes],
        "targets": [_target(each) for each in change.targets],
        "old_place": _place(change.places[0]),
        "new_place": _place(change.places[1]),
        "old_condition": change.sources[0],
        "new_condition": change.sources[1],
        "fingerprint": change.fingerprint,
        "approved": _approval(review.approval(change)),
        "stopped_by": [gate.value for gate in review.stopped_by(change)],
    }


def _approval(approval: Approval | None) -> JsonMap | None:
    if approval is None:
        return None
    expires = None if approval.expires is None else approval.expires.isoformat()
    return {"owner": approval.owner, "reason": approval.reason, "expires": expires}


def _finding(finding: Finding) -> JsonMap:
    witness = finding.witness
    return {
        "possible": witness is not None if witness is not None or finding.proved else None,
        "samples": finding.samples,
        "witness": None if witness is None else _witness(witness),
    }


def _witness(witness: Witness) -> JsonMap:
    return {
        "object": witness.case.object,
        "old_object": witness.case.old,
        "others": list(witness.case.others),
        "operation": witness.case.operation.value,
        "valid": witness.valid,
        "message": witness.message,
    }


def _target(change: TargetChange) -> JsonMap:
    text: list[Json] = [
        {"object": each.object, "path": each.path, "old": each.old, "new": each.new} for each in change.text
    ]
    return {"target": change.target, "old": change.old, "new": change.new, "gap": change.gap or None, "text": text}


def _place(place: ir.Location | None) -> JsonMap | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}
