"""Quantities in CEL, by Kubernetes' own library."""

from __future__ import annotations

from fractions import Fraction

from cmpolicy import ir
from cmpolicy.evaluate.quantity import PATTERN, quantity
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_reads import NOTHING, Read, guarded, may_be
from cmpolicy.lang.cel_syntax import TRUE, Cel


def constant_quantity(constant: ir.Constant) -> Read:
    """A constant as a quantity."""
    if _amount(constant) is None:
        return NOTHING
    return Read(cel.call("quantity", Cel(cel.quote(str(constant)))))


def is_small(constant: ir.Constant | None) -> bool:
    """Whether this is a constant quantity below 2^53: beside it int64 and double compare alike."""
    amount = None if constant is None else _amount(constant)
    return amount is not None and abs(amount) <= ir.MAX_EXACT_INTEGER


def _amount(constant: ir.Constant) -> Fraction | None:
    return None if isinstance(constant, tuple) else quantity(constant)


def quantity_of(read: Read, *, beside_small: bool) -> Read:
    """A plain value as a quantity, behind what must hold for it to be one, and which a small one may stand beside.

    The grammar is tested, not `isQuantity`, which is true of more, such as `.` and `1e100`.
    """
    if not (may_be(read, ir.ValueType.STRING) or may_be(read, ir.ValueType.NUMBER)):
        return NOTHING
    text = read.value if read.known is ir.ValueType.STRING else cel.call("string", read.value)
    typed = TRUE if read.known else cel.has_type(read.value, "string", "int", "double")
    guards = (*read.guards, typed, cel.method(text, "matches", Cel(cel.quote(PATTERN))))
    return Read(cel.call("quantity", text if beside_small else _rounded(read)), guards)


def _rounded(read: Read) -> Cel:
    """The text of the quantity. A number is a double, as it is to every engine: an int64 has more digits."""
    match read.known:
        case ir.ValueType.STRING:
            return read.value
        case ir.ValueType.NUMBER:
            return cel.call("string", cel.call("double", read.value))
        case _:
            is_whole = cel.has_type(read.value, "int")
            return cel.call("string", cel.conditional(is_whole, cel.call("double", read.value), read.dynamic()))


def compare_quantity(order: ir.Order, left: Read, right: Read) -> Cel:
    """`ir.CompareQuantity` of two quantities."""
    return guarded(cel.relation(order, cel.method(left.value, "compareTo", right.value), Cel("0")), left, right)
