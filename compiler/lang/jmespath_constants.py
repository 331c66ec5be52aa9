"""What is known of a value when it is printed: parameters of a ClusterPolicy are bound."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.evaluate.text import text
from cmpolicy.evaluate.values import scaled


def constant(value: ir.Value) -> ir.Constant | None:
    """The value that it always has, or None."""
    match value:
        case ir.Const(known) | ir.Param(_, _, known, _):
            return known
        case _:
            return None


def constant_text(value: ir.Value) -> str | None:
    """What a message shows of it always, or None."""
    known = constant(value)
    return None if known is None else text(known)


def has_number(value: ir.Value) -> bool:
    """Whether it is known, and a number or a list with one."""
    known = constant(value)
    parts = known if isinstance(known, tuple) else (known,)
    return any(isinstance(each, int | float) and not isinstance(each, bool) for each in parts)


def is_quantity(value: ir.Value) -> bool:
    """Whether it is known, and a quantity."""
    known = constant(value)
    return known is not None and not isinstance(known, tuple) and quantity(known) is not None


def is_total(value: ir.Value) -> bool | None:
    """Whether percentages of it can be taken, if it is known."""
    known = constant(value)
    if known is None:
        return None
    return not isinstance(known, tuple) and scaled("100%", known, up=False) is not None
