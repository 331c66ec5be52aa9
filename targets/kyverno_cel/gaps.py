"""What Kyverno's ValidatingPolicy cannot say exactly."""

from __future__ import annotations

from cmpolicy.targets.kyverno.gaps import gap_of

__all__ = ["gap_of"]
