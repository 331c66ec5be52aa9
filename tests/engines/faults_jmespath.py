"""Faults of JMESPath, the language of ClusterPolicies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate.values import URL

from tests.engines.faults import Fault, Patch, edit, swap
from tests.engines.faults_constructs import JMESPATH, SCANNED, Shown

Row: TypeAlias = tuple[str, str, Patch]
"""A construct, what is wrong, and the patch."""

READS, SYNTAX = "cmpolicy.lang.jmespath_reads", "cmpolicy.lang.jmespath_syntax"
SCOPES, STEPS = "cmpolicy.lang.jmespath_scopes", "cmpolicy.lang.jmespath_steps"
PRINTER = "cmpolicy.lang.jmespath._Printer"
FLAGS = ("Flag switch=false", "Flag switch=true")
ROUNDED = ("Scaled up=false", "Scaled up=true")
LOOPS = ("Any", "All", "AnyEntry", "AllEntry", "Count")


def faults() -> tuple[Fault, ...]:
    rows = (
        *_constants(),
        *_values(),
        *_lists(),
        *_flags(),
        *_conditions(),
        *_relations(),
        *_lookups(),
        *_messages(),
        *_texts(),
    )
    asked = (Fault(construct, JMESPATH, what, patch=patch) for construct, what, patch in rows)
    return (*asked, *(Fault(construct, SCANNED, what, patch=patch) for construct, what, patch in _integers()))


def _is_now(name: str, value: object) -> Patch:
    return lambda patch: patch.setattr(name, value)


def _constants() -> Iterator[Row]:
    yield "Const str", "quotes not escaped", edit(f"{SYNTAX}._json", swap(r'\\"', '"'))
    yield "Const str", "backslashes not escaped", edit(f"{SYNTAX}._json", swap(r"\\\\", r"\\"))
    yield "Const int", "as text", edit("cmpolicy.lang.jmespath.literal", swap(r"^`(\d+)`$", r'`"\1"`'))
    yield "Const bool", "by its letters", edit("cmpolicy.lang.jmespath.literal", swap("^`(true|false)`$", r'`"\1"`'))


def _values() -> Iterator[Row]:
    yield "Get", "any key without quotes", _is_now(f"{SYNTAX}._PLAIN_KEY", re.compile(".+"))
    false_for_none = swap(r"^not_null\((\S*), (\S*)\)$", r"(\1 || \2)")
    yield "Default", "a false value for none", edit(f"{PRINTER}._value", false_for_none)
    yield "Exists", "an empty value for none", edit(f"{SYNTAX}.is_not_null", swap("^(.*) != `null`$", r"!(!(\1))"))
    yield "Percent", "any number of digits", _is_now(f"{READS}.PERCENT", "^[0-9]+%$")
    yield "Percent", "the text may start before it", _is_now(f"{READS}.PERCENT", "[0-9]{1,4}%$")
    yield "Len", "nulls in a list counted", edit(f"{READS}.length_of", swap(r"length\(@\[\*\]\)", "length(@)"))
    yield "Len", "null entries counted", edit(f"{READS}.length_of", swap(r"length\(@\.\*\)", "length(values(@))"))
    yield "Len", "`false` for what has none", edit(f"{READS}.length_of", swap(r" \|\| `null`", ""))


def _lists() -> Iterator[Row]:
    yield "Elems", "what is no list too", edit(f"{READS}.elements", swap(r"\[\*\]", ""))
    yield "Elems", "null for what is no list", edit(f"{READS}.elements", swap(r" \|\| `\[\]`$", ""))
    yield "Concat", "a list of lists", edit(f"{PRINTER}._direct_items", swap(r"\[\](?= \|\| `\[\]`$|$)", ""))
    yield "Concat", "what is no list too", edit(f"{READS}.elements_under", swap(r"\[\*\]", ""))
    yield "Concat", "null for what has no such keys", edit(f"{READS}.elements_under", swap(r" \|\| `\[\]`$", ""))
    yield "Concat", "of the first key", edit(f"{SYNTAX}.flattened", swap(r"\[(\w+\[\*\]), .*\]\[\]", r"[\1][]"))
    for loop in LOOPS:
        yield loop, "the first value around it for every other", edit(f"{SCOPES}.Scope.take", swap(r"\d+\]$", "0]"))
        yield loop, "an element too many where there are none", edit(f"{SCOPES}.pairs", swap(r"\[0\] && ", ""))
    for loop in ("AnyEntry", "AllEntry"):
        yield loop, "entries without a value too", edit(f"{READS}.entries", swap(r"\[\?v != `null`\]", "[*]"))
        yield loop, "an error of what is no map", edit(f"{READS}.entries", swap(r"@\.\* != `null` && ", ""))


def _flags() -> Iterator[Row]:
    for flag in FLAGS:
        yield flag, "the first occurrence wins", edit(f"{READS}.flag_of", swap(r"max\(", "min("))
        yield flag, "every flag that starts alike", edit(f"{READS}._is_flag", swap('="`', '"`'))
        yield flag, "the equals sign for a part of the value", edit(f"{READS}._flag_value", swap('="`', '"`'))
    yield FLAGS[0], "its value two places on", edit(f"{READS}._at_and_after", swap("`1`", "`2`"))
    any_value = swap(r"to_string\(\[1\]\) == \[1\]", "[1] != `null`")
    yield FLAGS[0], "a value that is no text", edit(f"{READS}._flag_value", any_value)
    yield FLAGS[1], "false and not true", edit(f"{READS}._flag_value", swap('`"true"`', '`"false"`'))


def _conditions() -> Iterator[Row]:
    yield "Eq", "null equals null", edit(f"{READS}.equal", swap(r"contains\(.*?type\(\[0\]\)\) && ", ""))
    yield "Not", "of what is behind a dot", edit(f"{SYNTAX}.negation", swap(r"^!\((.*)\)$", r"!\1"))
    for order in ir.Order:
        yield f"Compare {order}", "null unless both are numbers", edit(f"{SYNTAX}.relation", swap(" == `true`$", ""))
        yield (
            f"CompareQuantity {order}",
            "no test of the grammar",
            edit(f"{READS}._is_quantity", swap("^.*$", "`true`")),
        )
    for order in (ir.Order.AT_MOST, ir.Order.GREATER):
        sign_alone = edit(f"{READS}.compare_quantity", swap(r" \|\| @ == `\"0\"`", ""))
        yield f"CompareQuantity {order}", "nothing left has no sign", sign_alone
    yield "IsType integer", "of any size", edit(f"{READS}._integral", _first)
    yield (
        "IsType integer",
        "an error of what is no number",
        edit(f"{READS}.is_integer", swap(r"^type\(.*?\) == \S* && ", "")),
    )
    any_type = edit(f"{READS}.of_string", swap(r"to_string\(@\) == @ && ", ""))
    for test in (*(f"Text {test}" for test in ir.TextTest), "Matches"):
        yield test, "an error of what is no text", any_type


def _integers() -> Iterator[Row]:
    """What asks JMESPath about an integer."""
    one = edit(f"{READS}.of_json", swap(r"^parse_json\(to_string\(\[(.*)\]\)\)\[0\]$", r"\1"))
    for construct in ("Const int", "In", *(f"Compare {order}" for order in ir.Order)):
        yield construct, "asked as they are", one
    for construct in ("IsType number", "IsType integer", _message(Shown.INTEGER)):
        yield construct, "an error of integers", one
    both = edit(f"{READS}.in_json", swap(r"^parse_json\(to_string\((.*)\)\)$", r"\1"))
    for construct in ("Eq", *ROUNDED):
        yield construct, "an error of integers", both
    by_type = edit(f"{READS}.is_text", swap(r"^to_string\((.*)\) == .*$", r'type(\1) == `"string"`'))
    for construct in ("IsType string", "Percent", "Seconds", "UrlPort", "Matches"):
        yield construct, "an error of integers", by_type


def _known(answer: object) -> object:
    return None if answer is None else True


def _first(tests: object) -> object:
    assert isinstance(tests, tuple)
    return tests[:1]


def _relations() -> Iterator[Row]:
    for scaled in ROUNDED:
        yield scaled, "of a larger total", _is_now(f"{READS}.LARGEST_TOTAL", 2**53 - 1)
        yield scaled, "of a negative total", edit(f"{READS}._is_total", swap("`0`", "`-9`"))
        yield scaled, "of any constant total", edit("cmpolicy.lang.jmespath.is_total", _known)
        yield scaled, "of ten", edit(f"{READS}.scaled", swap("`100`", "`10`"))
    yield "UrlPort", "a port of any length", _is_now(f"{READS}.URL", URL.replace("{1,5}", "+"))
    yield "UrlPort", "the usual port of https for all", edit(f"{READS}.url_port", swap("`80`", "`443`"))
    yield "Seconds", "minutes alone taken for thousandths", edit(f"{READS}.seconds_of", swap("0h", ""))
    yield "Seconds", "fractions too", edit(f"{READS}.seconds_of", swap(r"floor\(", "not_null("))
    yield (
        "Seconds",
        "an error of what is no duration",
        edit(f"{READS}.seconds_of", swap(r" && regex_match.*?, @\)", "")),
    )
    yield "UrlPort", "an error of what is no text", edit(f"{READS}.url_port", swap(r"to_string\(@\) == @ && ", ""))


def _lookups() -> Iterator[Row]:
    yield "Known", "`{{` and `$(` in keys not escaped", _is_now("cmpolicy.lang.jmespath_known.quoted", json.dumps)
    yield "Known", "any namespace in the path", _is_now("cmpolicy.lang.jmespath._NAMESPACE_NAME", "")
    yield "Known", "of all namespaces for an odd one", edit("cmpolicy.lang.jmespath.is_there", lambda _: ir.TRUE)
    yield "Known", "without kind and version", edit(f"{SYNTAX}.call", swap(r"^merge\((.*), `.*`\)$", r"merge(\1)"))


def _message(shown: Shown) -> str:
    return f"message: {shown}"


def _messages() -> Iterator[Row]:
    yield _message(Shown.NULL), "as `null`", edit(f"{READS}._shown", swap(r'`""`\)$', '`"null"`)'))
    yield _message(Shown.BOOLEAN), "as nothing", edit(f"{READS}.text_of", swap(r"`\[true, false\]`", "`[]`"))
    yield _message(Shown.INTEGER), "as nothing", edit(f"{READS}.text_of", swap('`"number"`', '`"integer"`'))
    yield _message(Shown.FRACTION), "cut to an integer", edit(f"{READS}.text_of", swap(r"add\(@, `0`\)", "floor(@)"))
    yield _message(Shown.FRACTION), "with an exponent", edit(f"{READS}._is_shown", swap("`1000000`", "`1e300`"))
    yield _message(Shown.TEXT), "as nothing", edit(f"{READS}._shown", swap(r"to_string\(@\) == @", "`false`"))
    yield _message(Shown.LONG_TEXT), "one character more", edit(f"{READS}._shown", swap("`200`", "`201`"))
    yield (
        _message(Shown.LINES),
        "line feeds kept",
        edit(f"{READS}._shown", swap(r'`"\\n"`, `" "`', r'`"\\n"`, `"\\n"`')),
    )
    yield _message(Shown.LIST), "as JSON", edit(f"{READS}.text_of", swap(r'`""`\)$', "to_string(@))"))
    yield _message(Shown.ENDS), "blanks kept", edit(f"{PRINTER}.message", swap(r"^trim\((.*), `[^`]*`\)$", r"\1"))


def _texts() -> Iterator[Row]:
    yield "text", "`{{` in an expression not escaped", _is_now(f"{SYNTAX}._ESCAPED", re.compile("[`$]"))
    yield "text", "`$(` in an expression not escaped", _is_now(f"{SYNTAX}._ESCAPED", re.compile("[`{}]"))
    yield "text", "backticks not escaped", _is_now(f"{SYNTAX}._ESCAPED", re.compile("[{}$]"))
