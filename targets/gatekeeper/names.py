"""Names of templates and constraints: all vendors share one flat space of kinds, in which case does not count."""

from __future__ import annotations

from collections.abc import Iterable

from cmpolicy.diagnostics import CmpolicyError, Diagnostic

VENDOR = "Cmpolicy"
"""What every kind starts with, so that none is one of the Gatekeeper library or of another vendor."""

LONGEST_KIND = 63 - len("List")
"""Characters of the kind of a constraint; of the name of a kind's list, which ends in `List`, Kubernetes takes 63."""


def constraint_kind(rule_id: str) -> str:
    """The kind of a rule's constraint: `cm-webhook-replicas  ->  CmpolicyCmWebhookReplicas`."""
    return VENDOR + "".join(word.capitalize() for word in rule_id.split("-"))


def template_name(rule_id: str) -> str:
    """The name of a rule's template, which must be its kind in lower case."""
    return constraint_kind(rule_id).lower()


def package_name(rule_id: str) -> str:
    """The Rego package of a rule: `cm-webhook-replicas  ->  cm_webhook_replicas`. Gatekeeper renames it."""
    return rule_id.replace("-", "_")


def refuse_clashes(rule_ids: Iterable[str]) -> None:
    """Raise `CmpolicyError` if two rules have templates of one name, of which the second would replace the first."""
    owners: dict[str, str] = {}
    for rule_id in rule_ids:
        owner = owners.setdefault(template_name(rule_id), rule_id)
        if owner != rule_id:
            message = f"rules `{owner}` and `{rule_id}` both have the Gatekeeper template `{template_name(rule_id)}`"
            raise CmpolicyError(Diagnostic("name", message, help="rename one of them"))
