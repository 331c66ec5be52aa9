"""What Kyverno's ValidatingPolicy cannot say exactly: names that Kyverno has no place for, and very long CEL."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.admission import too_long
from cmpolicy.targets.kyverno import gaps
from cmpolicy.targets.protocol import Gap, GapStatus


def gap_of(rule: ir.Rule) -> Gap | None:
    """Why a ValidatingPolicy cannot carry the rule, or None."""
    if gap := gaps.gap_of(rule):
        return gap
    reason = too_long(rule)
    return Gap(GapStatus.NEVER, reason) if reason else None
