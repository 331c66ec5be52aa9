"""How a value reads in a message (`ir.Message`), in CEL: alike for int64 and double."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.evaluate.text import MAX_SHOWN
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_reads import Read, is_integral
from cmpolicy.lang.cel_syntax import Cel

_NOTHING = Cel('""')


def text_of(read: Read) -> Cel:
    """The string that a message shows for a plain value."""
    value = read.value
    match read.known:
        case ir.ValueType.STRING:
            shown = _string(value)
        case ir.ValueType.BOOLEAN:
            shown = cel.call("string", value)
        case ir.ValueType.NUMBER if read.static == "int":
            shown = cel.call("string", value)
        case ir.ValueType.LIST:
            shown = _NOTHING
        case _:
            shown = _any(value)
    return cel.conditional(cel.conjunction(read.guards), shown, _NOTHING)


def _any(value: Cel) -> Cel:
    number = cel.conditional(cel.is_number(value), _number(value), _NOTHING)
    other = cel.conditional(cel.has_type(value, "bool"), cel.call("string", value), number)
    return cel.conditional(cel.has_type(value, "string"), _string(value), other)


def _string(value: Cel) -> Cel:
    start = cel.method(value, "substring", Cel("0"), Cel(str(MAX_SHOWN)))
    short = cel.conditional(cel.relation(">", cel.call("size", value), Cel(str(MAX_SHOWN))), start, value)
    return cel.method(short, "replace", Cel('"\\n"'), Cel('" "'))


def _number(value: Cel) -> Cel:
    """Digits for an integral num; of others CEL writes the shortest decimal form in this range, elsewhere exponents."""
    double = cel.call("double", value)
    digits = cel.call("string", cel.call("int", double))
    decimal = cel.disjunction(
        (
            cel.conjunction((cel.relation(">=", double, Cel("0.0001")), cel.relation("<", double, Cel("1000000.0")))),
            cel.conjunction(
                (
                    cel.relation("<=", double, Cel("-0.0001", cel.Binds.UNARY)),
                    cel.relation(">", double, Cel("-1000000.0", cel.Binds.UNARY)),
                )
            ),
        )
    )
    return cel.conditional(is_integral(value), digits, cel.conditional(decimal, cel.call("string", value), _NOTHING))
