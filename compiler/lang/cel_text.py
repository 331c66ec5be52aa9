"""How a value reads in a message (`ir.Message`), in CEL: alike for int64 and double."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.evaluate.text import MAX_SHOWN
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_reads import Read, is_integral
from cmpolicy.lang.cel_syntax import Cel

_NOTHING, _VALUE, _NUMBER = Cel('""'), Cel("v"), Cel("n")
_MINUS_SMALL, _MINUS_LARGE = Cel("-0.0001", cel.Binds.UNARY), Cel("-1000000.0", cel.Binds.UNARY)


def text_of(read: Read, *, is_name: bool = False) -> Cel:
    """The string that a message shows for a value that is plain or of a known type; a name is a string or null."""
    match read.known:
        case None if is_name:
            is_text = cel.conjunction((*read.guards, cel.has_type(read.value, "string")))
            return cel.conditional(is_text, _string(read.value), _NOTHING)
        case ir.ValueType.STRING:
            shown = _with(read.value, _VALUE, _string(_VALUE))
        case ir.ValueType.BOOLEAN:
            shown = cel.call("string", read.value)
        case ir.ValueType.NUMBER if read.static == "int":
            shown = cel.call("string", read.value)
        case ir.ValueType.LIST:
            shown = _NOTHING
        case _:
            shown = _with(read.value, _VALUE, _any(_VALUE, _NUMBER))
    return cel.conditional(cel.conjunction(read.guards), shown, _NOTHING)


def _with(value: Cel, name: Cel, expression: Cel) -> Cel:
    """The expression, in which the name is the value."""
    return cel.index(cel.method(cel.list_of((value,)), "map", name, expression), Cel("0"))


def _any(value: Cel, number: Cel) -> Cel:
    of_number = _with(cel.call("double", value), number, _number(number))
    other = cel.conditional(cel.is_number(value), of_number, _NOTHING)
    other = cel.conditional(cel.has_type(value, "bool"), cel.call("string", value), other)
    return cel.conditional(cel.has_type(value, "string"), _string(value), other)


def _string(value: Cel) -> Cel:
    start = cel.method(value, "substring", Cel("0"), Cel(str(MAX_SHOWN)))
    short = cel.conditional(cel.relation(">", cel.call("size", value), Cel(str(MAX_SHOWN))), start, value)
    return cel.method(short, "replace", Cel('"\\n"'), Cel('" "'))


def _number(number: Cel) -> Cel:
    """Digits for an integral double; of others CEL writes the shortest decimal form in this range, else exponents."""
    digits = cel.call("string", cel.call("int", number))
    positive = cel.relation(">=", number, Cel("0.0001")), cel.relation("<", number, Cel("1000000.0"))
    negative = cel.relation("<=", number, _MINUS_SMALL), cel.relation(">", number, _MINUS_LARGE)
    is_decimal = cel.disjunction((cel.conjunction(positive), cel.conjunction(negative)))
    decimal = cel.conditional(is_decimal, cel.call("string", number), _NOTHING)
    return cel.conditional(is_integral(number), digits, decimal)
