"""The plan as JSON: `cmpolicy.fix/v1`."""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.check import Result
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.fix.merge import dotted
from cmpolicy.fix.overlay import overlay
from cmpolicy.fix.plan import Plan, Way
from cmpolicy.fix.text import advice
from cmpolicy.report.json import identity, problem
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump_json

SCHEMA = "cmpolicy.fix/v1"


def render(plan: Plan, base: JsonMap | None, problems: Sequence[Diagnostic]) -> str:
    """The whole plan: both the values and the manifests."""
    document: JsonMap = {
        "schema": SCHEMA,
        "summary": {"findings": len(plan.ways), **{way.value: len(plan.fixed_by(way)) for way in Way}},
        "values": overlay(base or {}, plan.merged.values),
        "settings": [
            {"key": dotted(path), "value": leaf.value, "rules": list(leaf.rules)}
            for path, leaf in plan.merged.leaves.items()
        ],
        "manifests": [{"manifest": made.manifest, "rules": list(made.rules)} for made in plan.manifests],
        "findings": [_finding(finding, way) for finding, way in plan.ways],
        "problems": [problem(each) for each in (*problems, *plan.conflicts)],
    }
    return dump_json(document)


def _finding(finding: Result, way: Way) -> JsonMap:
    return {
        "rule": finding.rule.id,
        "object": identity(finding.document),
        "message": finding.message,
        "fixedBy": way,
        "remedy": advice(finding) if way is Way.HAND else "",
    }
