"""Messages for where values cannot stand."""

from __future__ import annotations

from cmpolicy import ir


def static_message(rule: ir.Rule) -> str:
    """The message of a rule as one constant line: its own text if that has no values, else the rule's title or id."""
    if is_static(rule):
        text = "".join(part for part in rule.message if isinstance(part, str))
    else:
        text = rule.about.title
    return " ".join(text.split()) or rule.id


def is_static(rule: ir.Rule) -> bool:
    """Whether the message of a rule carries no values."""
    return all(isinstance(part, str) for part in rule.message)
