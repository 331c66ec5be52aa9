"""Where the pack's advice stands, as its rules name it."""

from __future__ import annotations

HARDENING = ("hardening",)
"""The profile of the rules that the guide has everybody meet."""
RELATIONS = ("hardening-relations",)
"""The profile of those that look up other objects."""


def guide(*ids: str) -> tuple[str, ...]:
    """Threats (`T-05`) and recommendations (`R-CONFIG-03`) of the hardening guide that cert-manager links to."""
    return tuple(f"ControlPlane hardening guide of March 2026: {each}" for each in ids)


PAGE = "Best Practice page since v1.20"
