"""The annotations by which Kyverno's catalogues, reports and users know a policy."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.holes import described
from cmpolicy.values import JsonMap

_PREFIX = "policies.kyverno.io"


def catalogue_annotations(rule: ir.Rule, minimum_version: str) -> JsonMap:
    """Title, category, severity, subject and description, and the oldest Kyverno that takes the policy."""
    about = rule.about
    found = {
        f"{_PREFIX}/title": about.title,
        f"{_PREFIX}/category": about.category,
        f"{_PREFIX}/severity": about.severity.value,
        f"{_PREFIX}/subject": ", ".join(dict.fromkeys(kind.kind for kind in rule.kinds)),
        f"{_PREFIX}/minversion": minimum_version,
        f"{_PREFIX}/description": described(rule),
    }
    return {name: text for name, text in found.items() if text}
