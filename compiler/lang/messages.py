"""Messages for where values cannot stand."""

from __future__ import annotations

import re

from cmpolicy import ir
from cmpolicy.evaluate.text import message_text, text


def static_message(rule: ir.Rule) -> str:
    """The message of a rule as one constant line: its own text if that has no values, else the rule's title or id."""
    parts = [constant_text(part) for part in rule.message]
    own = message_text(part for part in parts if part is not None) if None not in parts else rule.about.title
    return re.sub(r"\s*\n\s*", " ", own) or rule.id


def is_static(rule: ir.Rule) -> bool:
    """Whether the message of a rule is the same for every object."""
    return all(constant_text(part) is not None for part in rule.message)


def constant_text(part: str | ir.Value) -> str | None:
    """What a part of a message shows for every object; None if that depends on the object or a parameter."""
    if isinstance(part, str):
        return part
    return text(part.value) if isinstance(part, ir.Const) else None
