"""What Datree cannot carry: it reads manifests in CI and knows of no request."""

from __future__ import annotations

import re

from cmpolicy import ir
from cmpolicy.passes.tree import has_any, known_kinds, walk
from cmpolicy.targets.datree.reserved import RESERVED
from cmpolicy.targets.protocol import Gap, GapStatus

_IDENTIFIER = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*", re.ASCII)
# The name part of the annotation key `datree.skip/<identifier>` that switches a rule off for one manifest.
_LONGEST_IDENTIFIER = 63


def identifier(rule: ir.Rule) -> str:
    """The rule's id as Datree spells it: `cm-webhook-replicas`  ->  `CM_WEBHOOK_REPLICAS`."""
    return spelled(rule.id)


def spelled(rule_id: str) -> str:
    """The id as Datree spells it."""
    return rule_id.upper().replace("-", "_")


def gap(rule: ir.Rule) -> Gap | None:
    """Why Datree cannot carry the rule, or None."""
    reason = _request(rule) or _others(rule) or _name(identifier(rule))
    return Gap(GapStatus.NEVER, reason) if reason else None


def _request(rule: ir.Rule) -> str:
    if ir.Operation.CREATE not in rule.operations:
        return "the rule is not about creating objects, and Datree judges manifests as they would be created"
    if has_any(rule, ir.Old) and any(
        isinstance(each, ir.Old) for part in (rule.when, rule.condition) for each in walk(part)
    ):
        return "the rule reads the object as it was before the request, and Datree sees manifests, not requests"
    return ""


def _others(rule: ir.Rule) -> str:
    kinds = " and ".join(kind.kind for kind in known_kinds(rule))
    return f"the rule looks up objects of kind {kinds}, and Datree judges each document by itself" if kinds else ""


def _name(name: str) -> str:
    if name in RESERVED:
        return f"Datree has a rule of its own named `{name}`"
    if not _IDENTIFIER.fullmatch(name) or len(name) > _LONGEST_IDENTIFIER:
        return f"`{name}` is no Datree identifier of at most {_LONGEST_IDENTIFIER} characters"
    return ""
