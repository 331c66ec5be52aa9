"""What Kyverno's ValidatingPolicy cannot say exactly: only names, its CEL carries every condition and message."""

from __future__ import annotations

from cmpolicy.targets.kyverno.gaps import gap_of_any_policy as gap_of

__all__ = ["gap_of"]
