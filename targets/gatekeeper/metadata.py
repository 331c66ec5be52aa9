"""Metadata of templates and constraints: what catalogues and GitOps tools read."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.holes import described
from cmpolicy.values import Json, JsonMap

VERSION = "1.0.0"
"""The version that each template carries, as the Gatekeeper library asks; raise it when what templates are changes."""


def metadata(name: str, rule: ir.Rule, wave: int) -> JsonMap:
    """Name and annotations; `wave` is when Argo CD applies it, lowest first."""
    annotations = {
        "metadata.gatekeeper.sh/title": rule.about.title or rule.id,
        "metadata.gatekeeper.sh/version": VERSION,
        "metadata.gatekeeper.sh/bundle": rule.about.pack,
        "description": described(rule) or rule.about.title or rule.id,
        "cmpolicy.dev/rule": rule.id,
        "cmpolicy.dev/category": rule.about.category,
        "cmpolicy.dev/severity": rule.about.severity.value,
        "argocd.argoproj.io/sync-wave": str(wave),
    }
    return {"name": name, "annotations": {key: text for key, text in annotations.items() if text}}


def unless_missing(metadata: JsonMap) -> JsonMap:
    """The same for a resource of a kind that Argo CD may not know yet when it looks."""
    annotations = metadata["annotations"]
    assert isinstance(annotations, dict)
    option: dict[str, Json] = {"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true"}
    return {**metadata, "annotations": annotations | option}
