"""What Kyverno cannot say exactly."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.admission import too_long
from cmpolicy.targets.protocol import Gap, GapStatus

LONGEST_NAME = 63
"""Kyverno refuses longer names of policies and rules."""


def gap_of(rule: ir.Rule) -> Gap | None:
    """Why a ClusterPolicy cannot carry the rule, or None: JMESPath, in which it looks others up, may be of any length."""
    return gap_of_names(rule) if known_kinds(rule) else gap_of_any_policy(rule)


def gap_of_any_policy(rule: ir.Rule) -> Gap | None:
    """Why no policy of Kyverno can have the rule's name or its CEL, or None."""
    if gap := gap_of_names(rule):
        return gap
    reason = too_long(rule)
    return Gap(GapStatus.NEVER, reason) if reason else None


def gap_of_names(rule: ir.Rule) -> Gap | None:
    """Why no policy of Kyverno can have the rule's name, or None."""
    if len(rule.id) > LONGEST_NAME:
        return Gap(
            GapStatus.NEVER, f"Kyverno allows {LONGEST_NAME} characters in a name, the rule's id has {len(rule.id)}"
        )
    if rule.id.startswith("autogen-"):
        return Gap(GapStatus.NEVER, "Kyverno takes a rule named `autogen-…` for one of its own and drops it")
    return None
