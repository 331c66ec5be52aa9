"""Sets of the pack's profiles that several rules share."""

from __future__ import annotations

BEST_PRACTICE = ("default", "best-practice")
"""For everybody, and met by the page's own Helm values."""
