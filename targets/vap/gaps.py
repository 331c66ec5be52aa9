"""What a ValidatingAdmissionPolicy cannot say exactly."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.admission import only_under_review, too_long
from cmpolicy.targets.protocol import Gap, GapStatus

LONGEST_NAME = 253
"""The API server refuses longer names of objects."""


def gap_of(rule: ir.Rule) -> Gap | None:
    """Why the rule cannot be carried, or None: CEL carries conditions and messages on the object under review, up to a length."""
    if reason := only_under_review(rule, "a ValidatingAdmissionPolicy"):
        return Gap(GapStatus.NEVER, reason)
    if len(rule.id) > LONGEST_NAME:
        return Gap(GapStatus.NEVER, f"Kubernetes allows {LONGEST_NAME} characters in a name, the id has {len(rule.id)}")
    reason = too_long(rule)
    return Gap(GapStatus.NEVER, reason) if reason else None
