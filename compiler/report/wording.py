"""How counts, lists and severities read in what people are shown."""

from __future__ import annotations

from collections.abc import Sequence

import click


def plural(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""


def severity_style(severity: str) -> str:
    """The severity in its color."""
    colors = {"critical": "bright_red", "high": "red", "medium": "yellow", "low": "cyan"}
    return click.style(severity, fg=colors.get(severity))
