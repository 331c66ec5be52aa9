"""The values and tests of single nodes in JMESPath; every one has a value on every input, and none is ever an error.

What a test asks more than once is piped into it: there it is the current value, `@`.

JMESPath knows no numbers but doubles. Where Kyverno scans what is there, integers are others: no `type` is known of them, no
order, and no double equals one. So what may be a number is read through its JSON, and what else it may be is asked otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.quantity import PATTERN as QUANTITY
from cmpolicy.evaluate.text import MAX_SHOWN
from cmpolicy.evaluate.values import DURATION, LARGEST_TOTAL, URL
from cmpolicy.lang import jmespath_syntax as jmes
from cmpolicy.lang.jmespath_syntax import CURRENT, EMPTY, FALSE, NULL, TRUE, Jmes, first_of, literal, piped

TEXT_TESTS = {
    ir.TextTest.STARTS_WITH: "starts_with",
    ir.TextTest.ENDS_WITH: "ends_with",
    ir.TextTest.CONTAINS: "contains",
}
PERCENT = "^[0-9]{1,4}%$"
_LARGEST_INTEGER = 2**53
_FIRST, _SECOND = jmes.index(CURRENT, 0), jmes.index(CURRENT, 1)
_IS_LIST, _IS_MAP = jmes.is_not_null(jmes.every(CURRENT)), jmes.is_not_null(jmes.values(CURRENT))


# As JSON


def in_json(*values: Jmes) -> Jmes:
    """The list of these values as JSON has it, in which every number is a double."""
    return jmes.call("parse_json", jmes.call("to_string", jmes.list_of(values)))


def of_json(value: Jmes) -> Jmes:
    """The value as JSON has it."""
    return jmes.index(in_json(value), 0)


# Lists


def elements(value: Jmes) -> Jmes:
    """The elements of a list that are not null, which no projection has; none of what is no list."""
    return jmes.disjunction((jmes.every(value), EMPTY))


def elements_under(base: Jmes, keys: Iterable[str]) -> Jmes:
    """Those of the lists that a map has under these keys, one list after the other."""
    lists = jmes.flattened(jmes.every(jmes.at(CURRENT, key)) for key in keys)
    return jmes.disjunction((jmes.below(base, lists), EMPTY))


def entries(value: Jmes) -> Jmes:
    """A list of `[key, value]` of the entries of a map that are not null; none of what is no map."""
    key, entry = jmes.at(CURRENT, "k"), jmes.at(CURRENT, "v")
    found = jmes.where(jmes.call("items", CURRENT, literal("k"), literal("v")), jmes.is_not_null(entry))
    listed = jmes.of_each(found, f".{jmes.list_of((key, entry)).text}")
    return piped(value, jmes.disjunction((jmes.conjunction((_IS_MAP, listed)), EMPTY)))


# Values


def length_of(value: Jmes) -> Jmes:
    """`ir.Len`"""
    size = jmes.call("length", CURRENT)
    of_list = jmes.call("length", jmes.every(CURRENT))
    of_map = jmes.call("length", jmes.values(CURRENT))
    sizes = ((_IS_LIST, of_list), (_IS_MAP, of_map), (is_text(CURRENT), size))
    tests = map(jmes.conjunction, sizes)
    # No number is empty, not even 0, so the first that is no `false` is the length.
    return piped(value, jmes.disjunction((*tests, NULL)))


def percent_of(value: Jmes) -> Jmes:
    """`ir.Percent`"""
    return piped(value, jmes.disjunction((jmes.conjunction((*_is_percent(CURRENT), _percent(CURRENT))), NULL)))


def _is_percent(value: Jmes) -> tuple[Jmes, ...]:
    return is_text(value), jmes.call("regex_match", literal(PERCENT), value)


def _percent(value: Jmes) -> Jmes:
    return jmes.call("to_number", jmes.index(jmes.call("split", value, literal("%")), 0))


def scaled(value: Jmes, total: Jmes, up: bool, is_total: bool | None) -> Jmes:
    """`ir.Scaled`; `is_total` is whether the second may be one, where that is known."""
    hundredths = jmes.call("multiply", _percent(_FIRST), _SECOND)
    share = jmes.call("ceil" if up else "floor", jmes.call("divide", hundredths, literal(100)))
    known = _is_total(_SECOND) if is_total is None else (TRUE if is_total else FALSE,)
    is_share = jmes.conjunction((*_is_percent(_FIRST), *known))
    chosen = first_of((is_integer(_FIRST), _FIRST), (is_share, share), otherwise=None)
    return piped(in_json(value, total), chosen)


def _is_total(value: Jmes) -> tuple[Jmes, ...]:
    least, most = literal(0), literal(LARGEST_TOTAL)
    return is_integer(value), jmes.relation(">=", value, least), jmes.relation("<=", value, most)


def url_port(value: Jmes) -> Jmes:
    """`ir.UrlPort`"""
    is_url = is_text(CURRENT), jmes.call("regex_match", literal(URL), CURRENT)
    named = jmes.call("regex_replace_all", literal(URL), CURRENT, literal("$2"))
    port = jmes.call("to_number", jmes.call("trim_prefix", named, literal(":")))
    is_secure = jmes.call("starts_with", CURRENT, literal("https"))
    usual = jmes.disjunction((jmes.conjunction((is_secure, literal(443))), literal(80)))
    return piped(value, first_of((jmes.conjunction(is_url), jmes.disjunction((port, usual))), otherwise=None))


def seconds_of(value: Jmes) -> Jmes:
    """`ir.Seconds`: after hours no minutes are taken for thousandths, as Kyverno takes `5m` alone."""
    is_duration = is_text(CURRENT), jmes.call("regex_match", literal(DURATION), CURRENT)
    spelled = jmes.call("join", literal(""), jmes.list_of((literal("0h"), CURRENT)))
    whole = jmes.call("floor", jmes.call("divide", spelled, literal("1s")))
    return piped(value, jmes.disjunction((jmes.conjunction((*is_duration, whole)), NULL)))


def flag_of(arguments: Jmes, name: str, switch: bool) -> Jmes:
    """`ir.Flag`"""
    given = jmes.at(CURRENT, "v")
    counted = jmes.call("items", CURRENT, literal("i"), literal("v"))
    places = jmes.of_each(jmes.where(counted, _is_flag(given, name)), ".i")
    last = jmes.call("max", places)
    both = piped(jmes.list_of((CURRENT, last)), _at_and_after())
    return piped(piped(arguments, both), _flag_value(name, switch))


def _is_flag(argument: Jmes, name: str) -> Jmes:
    assigned = jmes.call("starts_with", argument, literal(f"--{name}="))
    is_assigned = jmes.conjunction((is_text(argument), assigned))
    return jmes.disjunction((jmes.equal(argument, literal(f"--{name}")), is_assigned))


def _at_and_after() -> Jmes:
    """Of a list and a place in it, or null: what is there and what comes next."""
    after = jmes.call("add", _SECOND, literal(1))
    found = jmes.list_of(jmes.call("lookup", _FIRST, place) for place in (_SECOND, after))
    return jmes.disjunction((jmes.conjunction((jmes.is_not_null(_SECOND), found)), literal([None, None])))


def _flag_value(name: str, switch: bool) -> Jmes:
    """Of an argument, or null, and the next: the value of the flag that the former is."""
    is_bare = jmes.equal(_FIRST, literal(f"--{name}"))
    given = literal("true") if switch else first_of((is_text(_SECOND), _SECOND), otherwise=None)
    assigned = jmes.call("trim_prefix", _FIRST, literal(f"--{name}="))
    return first_of((is_bare, given), (is_text(_FIRST), assigned), otherwise=None)


# Tests


def has_type(value: Jmes, type_: ir.ValueType) -> Jmes:
    """`ir.IsType`"""
    match type_:
        case ir.ValueType.BOOLEAN:
            return jmes.call("contains", literal([True, False]), value)
        case ir.ValueType.NUMBER:
            return _is_number(of_json(value))
        case ir.ValueType.INTEGER:
            return piped(of_json(value), is_integer(CURRENT))
        case ir.ValueType.STRING:
            return piped(value, is_text(CURRENT))
        case ir.ValueType.LIST:
            return piped(value, _IS_LIST)
        case ir.ValueType.MAP:
            return piped(value, _IS_MAP)
        case _:
            assert_never(type_)


def is_text(value: Jmes) -> Jmes:
    """Whether it is a string; written twice."""
    return jmes.equal(jmes.call("to_string", value), value)


def _is_number(value: Jmes) -> Jmes:
    """Whether it is a number, of what is read as JSON."""
    return jmes.equal(jmes.call("type", value), literal("number"))


def is_integer(value: Jmes) -> Jmes:
    """Whether it is a number without a fraction, of magnitude at most 2^53, of what is read as JSON; written several times."""
    return jmes.conjunction((_is_number(value), *_integral(value)))


def _integral(number: Jmes) -> tuple[Jmes, ...]:
    whole = jmes.equal(number, jmes.call("floor", number))
    return whole, jmes.relation("<=", jmes.call("abs", number), literal(_LARGEST_INTEGER))


def equal(left: Jmes, right: Jmes) -> Jmes:
    """`ir.Eq` of values of which neither is known to be a scalar."""
    scalar = jmes.call("contains", literal(["boolean", "number", "string"]), jmes.call("type", _FIRST))
    return piped(in_json(left, right), jmes.conjunction((scalar, jmes.equal(_FIRST, _SECOND))))


def of_string(value: Jmes, function: str, *before: Jmes, after: tuple[Jmes, ...] = ()) -> Jmes:
    """A function of what is a string, with arguments before and after it; false of what is none."""
    test = jmes.call(function, *before, CURRENT, *after)
    return piped(value, jmes.conjunction((is_text(CURRENT), test)))


def compare_quantity(order: ir.Order, left: Jmes, right: Jmes, asked: Iterable[int] = (0, 1)) -> Jmes:
    """`ir.CompareQuantity`: Kyverno subtracts quantities exactly, and writes what is left with its sign.

    Those of the two in the places `asked` may be no quantities.
    """
    both = (jmes.call("to_string", _FIRST), jmes.call("to_string", _SECOND))
    less = jmes.call("starts_with", CURRENT, literal("-"))
    at_most = jmes.disjunction((less, jmes.equal(CURRENT, literal("0"))))
    tests = {
        ir.Order.LESS: less,
        ir.Order.AT_MOST: at_most,
        ir.Order.GREATER: jmes.negation(at_most),
        ir.Order.AT_LEAST: jmes.negation(less),
    }
    rest = piped(jmes.call("subtract", *both), tests[order])
    test = jmes.conjunction((*(_is_quantity(jmes.index(CURRENT, place)) for place in asked), rest))
    return piped(in_json(left, right), test)


def _is_quantity(value: Jmes) -> Jmes:
    """Whether it is a quantity; the JSON of what is neither a number nor a string is none."""
    return jmes.call("regex_match", literal(QUANTITY), jmes.call("to_string", value))


# Messages


def text_of(value: Jmes) -> Jmes:
    """The string that a message shows for a value."""
    number = jmes.conjunction((_is_number(CURRENT), _is_shown(CURRENT)))
    is_bool = has_type(CURRENT, ir.ValueType.BOOLEAN)
    # The sum makes 0 of -0, which has a sign of its own in JSON.
    digits = jmes.call("to_string", jmes.call("add", CURRENT, literal(0)))
    shown = ((is_text(CURRENT), _TEXT), (is_bool, jmes.call("to_string", CURRENT)), (number, digits))
    return _shown(of_json(value), shown)


def text_of_name(value: Jmes) -> Jmes:
    """The string that a message shows for what is a string or null."""
    return _shown(value, ((is_text(CURRENT), _TEXT),))


def text_of_amount(value: Jmes) -> Jmes:
    """The string that a message shows for what is an integer from 0, or null."""
    return _shown(value, ((jmes.is_not_null(CURRENT), jmes.call("to_string", CURRENT)),))


def _shown(value: Jmes, choices: tuple[tuple[Jmes, Jmes], ...]) -> Jmes:
    """The first text whose test is true, or nothing; an empty text is no less nothing."""
    tests = (jmes.conjunction(choice) for choice in choices)
    return piped(value, jmes.disjunction((*tests, literal(""))))


_START = jmes.call("truncate", CURRENT, literal(MAX_SHOWN))
_TEXT = jmes.call("replace_all", _START, literal("\n"), literal(" "))


def _is_shown(number: Jmes) -> Jmes:
    size = jmes.call("abs", number)
    is_integer = jmes.conjunction(_integral(number))
    is_decimal = jmes.relation(">=", size, literal(0.0001)), jmes.relation("<", size, literal(1_000_000))
    return jmes.disjunction((is_integer, jmes.conjunction(is_decimal)))
