"""Faults of CEL: a guard, a bound or a type test is lost, or stands for something near it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from cmpolicy.lang.cel_facts import Facts
from cmpolicy.lang.cel_program import UNSPELLED
from cmpolicy.lang.cel_syntax import FALSE, operands

from tests.engines.faults import Fault, Patch, edit, swap, unguarded
from tests.engines.faults_constructs import CEL, GATEKEEPER_CEL

Row: TypeAlias = tuple[str, str, Patch]
"""A construct, what is wrong, and the patch."""

_PATH = rf"(?:{UNSPELLED.obj}\.)?\w+(?:\.\w+)*"
"""Names from an object, which is spelled at the end, or a variable."""
QUANTITIES = "cmpolicy.lang.cel_quantities"
SYNTAX, READS, PRINTER = "cmpolicy.lang.cel_syntax", "cmpolicy.lang.cel_reads", "cmpolicy.lang.cel._Printer"


def faults() -> tuple[Fault, ...]:
    rows = (*_constants(), *_reads(), *_values(), *_lists(), *_conditions(), *_quantities(), *_facts())
    parameters = [Fault(construct, GATEKEEPER_CEL, what, patch=patch) for construct, what, patch in _parameters()]
    return (*(Fault(construct, CEL, what, patch=patch) for construct, what, patch in rows), *parameters)


def _constants() -> Iterator[Row]:
    yield "Const str", "quotes not escaped", edit(f"{SYNTAX}.quote", swap(r'\\"', '"'))
    yield "Const str", "backslashes not escaped", edit(f"{SYNTAX}.quote", swap(r"\\\\", r"\\"))
    yield "Const str", "line feeds not escaped", edit(f"{SYNTAX}.quote", swap(r"\\n", "\n"))
    yield "Const str", "surrogate pairs, as in JSON", edit(f"{SYNTAX}.quote", swap("😀", r"\\ud83d\\ude00"))
    yield "Const float", "as text", edit(f"{SYNTAX}.literal", swap(r"^(\d+\.\d+)$", r'"\1"'))
    yield (
        "Const tuple",
        "of several types, which CEL's checker refuses",
        edit(f"{SYNTAX}.literal", swap(r"dyn\((.*?)\)", r"\1")),
    )


def _reads() -> Iterator[Row]:
    yield "Get", "no test that there is a map", edit(f"{READS}.entry", unguarded("type("))
    yield "Get", "no test that the key is there", edit(f"{READS}.entry", unguarded("has("))
    yield "Get", "no test of a key of the object", edit(f"{READS}.root_entry", unguarded("has("))
    yield "Obj", "no test that there is one", edit(f"{READS}.root", unguarded("null"))
    yield "Old", "no test of a key of it", edit(f"{READS}.root_entry", unguarded("has("))
    yield "Default", "null for a value", edit(f"{READS}.default_of", swap(r"( && )?\S+ != null \?", r"\1true ?"))
    yield "Default", "a false value for none", edit(f"{READS}.default_of", swap("!= null", "!= false"))
    yield "Exists", "null for a value", edit(f"{READS}.exists", swap(r"\S+ != null", "true"))
    yield "PodSpec", "a kind that ends alike", edit(f"{PRINTER}._pod_by_kind", swap("kind == ", "kind != "))
    yield (
        "PodMeta",
        "the template around it",
        edit(f"{PRINTER}._pod_by_kind", swap(r"\.template\.metadata\b", ".metadata")),
    )


def _values() -> Iterator[Row]:
    percent, length, flag = f"{READS}.percent_of", f"{READS}.length_of", f"{READS}.flag_of"
    yield "Percent", "no test that it is text", edit(percent, unguarded("type("))
    yield "Percent", "no test of the digits", edit(percent, unguarded("matches"))
    yield "Percent", "any number of digits", edit(percent, swap(r"\{1,4\}", "+"))
    yield "Percent", "no leading zeros", edit(percent, swap(r"\[0-9\]\{1,4\}", "[1-9][0-9]{0,3}"))
    yield "Percent", "the text may start before it", edit(percent, swap(r"\^", ""))
    yield "Percent", "compared as text", edit(percent, swap(r"^int\((.*)\)$", r"\1"))
    yield "Len", "nulls in a list counted", edit(length, swap(r"(\w+(\.\w+)*)\.filter\(e\w*, \w+ != null\)", r"\1"))
    yield (
        "Len",
        "null entries counted",
        edit(length, swap(r"(\w+(\.\w+)*)\.filter\(e\w*, \w+(\.\w+)*\[\w+\] != null\)", r"\1")),
    )
    yield (
        "Len",
        "in bytes",
        edit(length, swap(rf"== string \? size\(({_PATH})\)", r"== string ? size(bytes(string(\1)))")),
    )
    yield "Len", "no length of maps", edit(length, swap(r" \|\| type\([\w.]+\) == map", ""))
    yield "Len", "no test of the type", edit(length, unguarded("type("))
    yield "Count", "one too many", edit(f"{PRINTER}._direct", swap(r"^(size\(.*\))$", r"(\1 + 1)"))
    yield "Count", "null elements counted", edit(f"{PRINTER}._of_element", swap(r"x != null && ", ""))
    for switch in ("false", "true"):
        construct, last = f"Flag switch={switch}", f"{READS}.last_flag"
        yield construct, "the first occurrence wins", edit(last, swap("lastIndexOf", "indexOf"))
        yield construct, "no test that an argument is text", edit(last, swap(r"type\(\w+\) == string && ", ""))
        yield construct, "every flag that starts alike", edit(last, swap('="', '"'))
        yield construct, "the equals sign for a part of the value", edit(flag, swap(r"substring\(4\)", "substring(3)"))
        yield construct, "no test that it is given", edit(flag, unguarded(">= 0"))
    yield "Flag switch=false", "a value that is no text", edit(flag, swap(r" && type\([^|]*\) == string", ""))
    yield "Flag switch=false", "no test that an argument follows", edit(flag, swap(r"\S+ \+ 1 < size\(\S+\) && ", ""))
    nulls = edit(f"{READS}.without_null", swap(r"\.filter\(.*\)$", ""))
    yield "Flag switch=false", "a null before the value counts", nulls


def _lists() -> Iterator[Row]:
    yield "Elems", "no test that there is a list", edit(f"{PRINTER}._direct_items", unguarded("list"))
    yield (
        "Elems",
        "the keys of a map too",
        edit(f"{PRINTER}._direct_items", swap(r"(type\(\S+\)) == list", r"\1 != string")),
    )
    yield "Concat", "a part twice", edit(f"{PRINTER}._direct_items", swap(r"^(.*\]?\)?) \+ .*$", r"\1 + \1"))
    yield (
        "Concat",
        "no test that a part is a list",
        edit(f"{READS}.or_empty", swap(r"^.* \? (.*) : \[\]$", r"\1")),
    )
    never_null = edit("cmpolicy.lang.cel.is_null", lambda _: FALSE)
    yield "All", "null elements not passed over", never_null
    yield "AllEntry", "null entries not passed over", never_null
    yield "Any", "null elements too", edit(f"{PRINTER}._of_element", unguarded("!= null"))
    yield "Any", "of one alone", edit(f"{PRINTER}._test", swap(r"\.exists\(x,", ".exists_one(x,"))
    yield "AnyEntry", "null entries too", edit(f"{PRINTER}._test", swap(r"\S+\[k\] != null && ", ""))
    yield "AnyEntry", "no test that there is a map", edit(f"{PRINTER}._entries", swap(r"type\(\S+\) == map", "true"))
    yield "AllEntry", "no test that there is a map", edit(f"{PRINTER}._entries", swap(r"type\(\S+\) == map", "true"))
    yield "Var", "of the loop around it", edit(f"{PRINTER}._test", swap(r'\by == "a"', 'x == "a"'))


def _facts() -> Iterator[Row]:
    yield "Get", "what is known where it is read, in a variable", _not_apart
    yield "And", "what is known in a part, after it", _remembered
    yield "Or", "what the parts before are, as if they were true", _as_operands
    yield "Or", "without what its parts start with", edit(f"{SYNTAX}._alike", unguarded("type("))


def _remembered(patch: pytest.MonkeyPatch) -> None:
    def with_(facts: Facts, texts: set[str], make: Callable[[], object]) -> object:
        facts._texts |= texts
        return make()

    patch.setattr(Facts, "_with", with_)


def _not_apart(patch: pytest.MonkeyPatch) -> None:
    def apart(facts: Facts, make: Callable[[], object]) -> object:
        return make()

    patch.setattr(Facts, "apart", apart)


def _as_operands(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("cmpolicy.lang.cel_syntax.denials", operands)


def _conditions() -> Iterator[Row]:
    yield (
        "Or",
        "no parentheses in a conjunction",
        edit(f"{SYNTAX}.conjunction", swap(r"\(((?:[^()]|\([^()]*\))* \|\| (?:[^()]|\([^()]*\))*)\)", r"\1")),
    )
    yield "Not", "no parentheses", edit(f"{SYNTAX}.negation", swap(r"^!\((.*)\)$", r"!\1"))
    yield "IsType number", "whole numbers alone", edit(f"{READS}.has_type", swap(r"type\(\S+\) == double", "false"))
    yield "IsType number", "doubles alone", edit(f"{READS}.has_type", swap(r"type\(\S+\) == int\b", "false"))
    yield (
        "IsType integer",
        "no bounds, so that int64 overflows",
        edit(f"{READS}.is_integral", unguarded("9007199254740992.0")),
    )
    yield "IsType integer", "int64 alone", edit(f"{READS}.has_type", swap(r" \|\| type\(\S+\) == double", ""))
    yield (
        "Eq",
        "of lists and maps",
        edit(f"{READS}.eq", swap(r"\(type\(\S+\) == string \|\| type\(\S+\) == bool\) && ", "")),
    )
    yield "Eq", "no test that both are numbers", edit(f"{READS}._numbers", lambda _: [])
    yield "In", "its opposite", edit(f"{READS}.contained", swap(r"(\S+ in .*)$", r"!(\1)"))
    for order in ("<", "<=", ">", ">="):
        compare = f"{READS}.compare"
        exact = edit(compare, swap(rf"double\(({_PATH})\)", r"\1"))
        yield f"Compare {order}", "as int64, which is exact where doubles are not", exact
        yield f"Compare {order}", "no test that it is a number", edit(compare, unguarded("type("))
        yield (
            f"Compare {order}",
            "cut to whole numbers",
            edit(compare, swap(rf"(&& )({_PATH}) (<=?|>=?) ", r"\1int(\2) \3 ")),
        )
        yield (
            f"CompareQuantity {order}",
            "as text",
            edit(
                f"{QUANTITIES}.compare_quantity",
                swap(r"quantity\((.*)\)\.compareTo\(quantity\((.*)\)\) (\S+) 0", r"\1 \3 \2"),
            ),
        )
    for test in ("starts with", "ends with", "contains"):
        yield f"Text {test}", "no test that it is text", edit(f"{READS}.of_string", unguarded("type("))
        yield (
            f"Text {test}",
            "of the text in lower case",
            edit(f"{READS}.of_string", swap(r"\.(startsWith|endsWith|contains)\(", r".lowerAscii().\1(")),
        )
    yield "Matches", "no test that it is text", edit(f"{READS}.of_string", unguarded("type("))
    yield "Matches", "backslashes not escaped", edit(f"{SYNTAX}.quote", swap(r"\\\\", r"\\"))


def _quantities() -> Iterator[Row]:
    for order in ("<", "<=", ">", ">="):
        construct, of = f"CompareQuantity {order}", f"{QUANTITIES}.quantity_of"
        yield construct, "no test of the grammar", edit(of, unguarded("matches"))
        yield construct, "no test of the type", edit(of, unguarded("type("))
        exact = edit(of, swap(r"type\(\S+\) == int \? double\(\S+\) : (\S+)\)\)", r"\1))"))
        yield construct, "as int64, which is exact where doubles are not", exact
        yield construct, "texts alone", edit(of, swap(r" \|\| type\(\S+\) == (int|double)", ""))


def _parameters() -> Iterator[Row]:
    given = f"{READS}.parameter_of"
    yield "Param integer", "always its default", edit(given, swap(r"^.* \? .* : (.*)$", r"\1"))
    yield "Param string", "a name that the constraint does not give", edit(given, swap('"allowed"', '"permitted"'))
