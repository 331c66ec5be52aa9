"""What Gatekeeper cannot say exactly."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.gatekeeper.names import LONGEST_KIND, constraint_kind
from cmpolicy.targets.protocol import Gap, GapStatus


def gap_of(rule: ir.Rule) -> Gap | None:
    """Only names can be a gap: both languages carry every condition and message, and `Old` is null outside admission."""
    kind = constraint_kind(rule.id)
    if len(kind) > LONGEST_KIND:
        reason = f"Kubernetes takes {LONGEST_KIND} characters for the kind of a constraint, `{kind}` has {len(kind)}"
        return Gap(GapStatus.NEVER, reason)
    return None
