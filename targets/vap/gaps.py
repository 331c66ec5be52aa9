"""What a ValidatingAdmissionPolicy cannot say exactly."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.protocol import Gap, GapStatus

LONGEST_NAME = 253
"""The API server refuses longer names of objects."""


def gap_of(rule: ir.Rule) -> Gap | None:
    """Only names can be a gap: CEL carries every condition and message."""
    if len(rule.id) > LONGEST_NAME:
        return Gap(GapStatus.NEVER, f"Kubernetes allows {LONGEST_NAME} characters in a name, the id has {len(rule.id)}")
    return None
