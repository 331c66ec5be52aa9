"""Messages for where values cannot stand."""

from __future__ import annotations

import re
from collections.abc import Callable

from cmpolicy import ir
from cmpolicy.evaluate.text import message_text, text
from cmpolicy.passes.fold_kind import KIND


def static_message(rule: ir.Rule) -> str:
    """The message of a rule as one constant line: its own text if that has no values, else the rule's title or id."""
    own = _own_text(rule)
    return re.sub(r"\s*[\r\n]\s*", " ", rule.about.title if own is None else own) or rule.id


def is_static(rule: ir.Rule) -> bool:
    """Whether the static message is what a failure shows, of whatever object."""
    return _own_text(rule) == static_message(rule)


def _own_text(rule: ir.Rule) -> str | None:
    """The message, if it is the same for every object."""
    parts = [constant_text(part) for part in rule.message]
    return None if None in parts else message_text(part for part in parts if part is not None)


def constant_text(part: str | ir.Value) -> str | None:
    """What a part of a message shows for every object; None if that depends on the object or a parameter."""
    if isinstance(part, str):
        return part
    return text(part.value) if isinstance(part, ir.Const) else None


def folded(message: ir.Message, constant_of: Callable[[ir.Value], str | None]) -> ir.Message:
    """The message with values that are constant as text, neighbors as one; never without a part."""
    parts: list[str | ir.Value] = []
    for part in message:
        constant = part if isinstance(part, str) else constant_of(part)
        last = parts[-1] if parts else None
        if constant is not None and isinstance(last, str):
            parts[-1] = last + constant
        else:
            parts.append(part if constant is None else constant)
    return tuple(parts) or ("",)


def is_trimmed(parts: ir.Message, *, is_there: bool) -> bool:
    """Whether there is certainly no white space at the ends of a message that has these parts.

    The kind of an object has none, if there certainly is an object.
    """
    ends = (part[at:][:1] if isinstance(part, str) else "" for part, at in ((parts[0], 0), (parts[-1], -1)))
    return all(
        end.strip() or (is_there and part == KIND) for end, part in zip(ends, (parts[0], parts[-1]), strict=True)
    )
