"""Faults of JSON Schema: a keyword that is lost lets through what it was there for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tests.engines.faults import Fault, Patch, edit, swap
from tests.engines.faults_constructs import JSON_SCHEMA

Row: TypeAlias = tuple[str, str, Patch]
"""A construct, what is wrong, and the patch."""

MODULE, TESTS = "cmpolicy.lang.jsonschema", "cmpolicy.lang.schema_tests"
PRINTER = f"{MODULE}._Printer"
NULL = r'\{"type": "null"\}'


def faults() -> tuple[Fault, ...]:
    rows = (*_constants(), *_paths(), *_sizes(), *_lists(), *_conditions(), *_orders())
    return tuple(Fault(construct, JSON_SCHEMA, what, patch=patch) for construct, what, patch in rows)


def _constants() -> Iterator[Row]:
    one_of = f"{TESTS}._one_of"
    yield "Const str", "not escaped in a pattern", edit(f"{TESTS}.quote", swap(r"\\", ""))
    yield "Const int", "as text", edit(one_of, swap(r": (\d+)\}", r': "\1"}'))
    yield "Const tuple", "its first element alone", edit(one_of, swap(r'"enum": \[([^],]*),.*?\]', r'"const": \1'))


def _paths() -> Iterator[Row]:
    at, unless = f"{MODULE}.at", f"{MODULE}.unless_absent"
    yield "Get", "a missing key passes", edit(at, swap(r'"required": \[[^]]*\], ', ""))
    yield "Get", "what is no map passes", edit(at, swap(r'"type": "object", (?="required")', ""))
    yield (
        "Get",
        "a missing key does not pass",
        edit(unless, swap(r'\{"properties": \{("[^"]*"):', r'{"required": [\1], "properties": {\1:')),
    )
    yield (
        "Exists",
        "null for a value",
        edit(f"{MODULE}.scalars_that", swap(rf'\{{"not": {NULL}\}}', "{}")),
    )
    yield "Obj", "a key that leads elsewhere", edit(f"{PRINTER}.path", swap("^(data|metadata)$", "object"))


def _sizes() -> Iterator[Row]:
    percents, sizes = f"{TESTS}.percent_pattern", f"{MODULE}.sizes_that"
    yield "Percent", "no leading zeros", edit(percents, swap(r"0\{0,\d\}|0\?", ""))
    yield "Percent", "the text may start before it", edit(percents, swap(r"^\^", ""))
    yield "Percent", "no percent sign", edit(percents, swap("%", ""))
    yield "Len", "nulls in a list counted", edit(sizes, swap(rf'\{{"not": {NULL}\}}', "{}"))
    yield "Len", "one more", edit(sizes, swap('"minLength": 1', '"minLength": 2'))
    yield "Len", "lists of any length", edit(sizes, swap(rf', "contains": \{{"not": {NULL}\}}', ""))
    between = f"{MODULE}.elements_between"
    yield "Count", "one more", edit(between, swap('"maxContains": 1', '"maxContains": 2'))
    yield "Count", "at least that many", edit(between, swap(r', "maxContains": \d+', ""))
    yield "Count", "null elements counted", edit(f"{PRINTER}.element", swap(rf'\{{"not": {NULL}\}}, ', ""))
    yield (
        "Concat",
        "counted in each by itself",
        edit(f"{MODULE}._shares", _in_one_list),
    )


def _lists() -> Iterator[Row]:
    condition = f"{PRINTER}.condition"
    yield "Elems", "what is no list passes", edit(condition, swap(r'"type": "array", (?="contains")', ""))
    yield "Any", "null elements too", edit(f"{PRINTER}.element", swap(rf'\{{"not": {NULL}\}}, ', ""))
    yield "Any", "as all, `items` for `contains`", edit(condition, swap('"contains"', '"items"'))
    yield (
        "All",
        "null elements not passed over",
        edit(condition, swap(rf'("items": \{{"anyOf": \[){NULL}, ', r"\1")),
    )
    yield "AnyEntry", "entries without a value too", edit(f"{PRINTER}.clause", swap(rf"{NULL}, ", ""))
    yield "AllEntry", "entries without a value not passed over", edit(f"{PRINTER}.clause", swap(rf"{NULL}, ", ""))
    yield (
        "AllEntry",
        "keys for values",
        edit(f"{PRINTER}.clause", swap('"additionalProperties"', '"propertyNames"')),
    )


def _conditions() -> Iterator[Row]:
    scalars = f"{MODULE}.scalars_that"
    yield "And", "`anyOf` for `allOf`", edit(f"{MODULE}.all_of", swap('"allOf"', '"anyOf"'))
    yield (
        "And",
        "required keys alone",
        edit(f"{MODULE}.all_of", swap(r'"required": \[("[^"]*"), [^]]*\]', r'"required": [\1]')),
    )
    yield "Or", "`oneOf` for `anyOf`", edit(f"{MODULE}.any_of", swap('"anyOf"', '"oneOf"'))
    yield (
        "Not",
        "absent fields fail too",
        edit(
            f"{MODULE}.unless_absent",
            swap(r'\{"properties": \{("[^"]*"):', r'{"type": "object", "required": [\1], "properties": {\1:'),
        ),
    )
    yield "IsType integer", "no bounds", edit(scalars, swap(r', "minimum": -\d+, "maximum": \d+', ""))
    yield "IsType number", "whole numbers alone", edit(scalars, swap('"number"', '"integer"'))
    yield "IsType map", "a list too", edit(scalars, swap('"object"', '["object", "array"]'))
    yield "Eq", "in upper case too", edit(scalars, swap(r'"const": "x"', '"enum": ["x", "X"]'))
    yield "In", "as a pattern", edit(scalars, swap(r'"enum": \["a", .*\]', '"pattern": "a|b"'))
    yield "Text starts with", "anywhere", edit(f"{TESTS}.strings_that", swap(r"^\^", ""))
    yield "Text ends with", "anywhere", edit(f"{TESTS}.strings_that", swap(r"\$$", ""))
    for test in ("starts with", "ends with", "contains"):
        yield f"Text {test}", "what is no text passes", edit(scalars, swap(r'"type": "string", (?="pattern")', ""))
    yield "Text contains", "at the start", edit(f"{TESTS}.strings_that", swap("^", "^"))
    yield "Matches", "what is no text passes", edit(scalars, swap(r'"type": "string", (?="pattern")', ""))
    yield "Matches", "`$` before a final line feed", edit(f"{TESTS}.strings_that", swap(r"\$$", r"\\n?$"))


def _orders() -> Iterator[Row]:
    scalars, quantities = f"{MODULE}.scalars_that", f"{MODULE}.quantities_that"
    for order in ("<", "<=", ">", ">="):
        yield (
            f"Compare {order}",
            "what is no number passes",
            edit(scalars, swap(r'"type": "number", (?="\w*(?:m|M)(?:in|ax)imum")', "")),
        )
        construct = f"CompareQuantity {order}"
        yield (
            construct,
            "no test of the grammar",
            edit(quantities, swap(r'^\{"if": .*?, "then": (.*), "else": .*\}$', r"\1")),
        )
        yield construct, "what is no quantity passes", edit(quantities, swap(r', "else": \{"not": \{\}\}', ""))
        yield construct, "texts alone", edit(quantities, swap(r'\{"type": "number",[^}]*\}, ', ""))
        if order in ("<", ">="):
            yield construct, "numbers not rounded to nano", edit(quantities, swap("0.499999999", "0.5"))


def _in_one_list(shares: object) -> object:
    assert isinstance(shares, list)
    return [share for share in shares if sum(map(bool, share)) <= 1]
