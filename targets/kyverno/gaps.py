"""What Kyverno cannot say exactly: only names, JMESPath carries every condition and message, and may be of any length."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.protocol import Gap, GapStatus

LONGEST_NAME = 63
"""Kyverno refuses longer names of policies and rules."""


def gap_of(rule: ir.Rule) -> Gap | None:
    """Why no policy of Kyverno can have the rule's name, or None."""
    if len(rule.id) > LONGEST_NAME:
        return Gap(
            GapStatus.NEVER, f"Kyverno allows {LONGEST_NAME} characters in a name, the rule's id has {len(rule.id)}"
        )
    if rule.id.startswith("autogen-"):
        return Gap(GapStatus.NEVER, "Kyverno takes a rule named `autogen-…` for one of its own and drops it")
    return None
