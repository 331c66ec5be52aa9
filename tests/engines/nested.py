"""Every construct of the IR inside every other that takes it, outside all loops and in loops of each kind.

What a language needs around an expression depends on where it stands: rules made at random meet few of these pairs often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count, product
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.passes.unique_names import unique_names

from tests.sample_rules import DEPLOYMENT, PDB, POD, WRITES, obj

Of: TypeAlias = Callable[[ir.Value], ir.Condition]
"""A condition on a value."""

_numbers = count()
_TEXT, _OUTER = ir.ValueType.STRING, obj("outer")
_OWN = ir.Known(PDB, obj("metadata", "namespace"))


def _a(base: ir.Value) -> ir.Value:
    return ir.Get(base, "a")


def _b(base: ir.Value) -> ir.Value:
    return ir.Get(base, "b")


def _elements(base: ir.Value, key: str) -> ir.Items:
    return ir.Elems(ir.Get(base, key))


LISTS: Mapping[str, Callable[[ir.Value], ir.Items]] = {
    "list": lambda base: _elements(base, "l"),
    "itself": ir.Elems,
    "of-default": lambda base: ir.Elems(ir.Default(ir.Get(base, "l"), ir.Get(base, "m"))),
    "of-one-map": lambda base: ir.Concat((_elements(base, "l"), _elements(base, "m"))),
    "of-two-maps": lambda base: ir.Concat((_elements(base, "l"), _elements(_a(base), "l"))),
    "with-known-objects": lambda base: ir.Concat((ir.Elems(ir.Known(PDB)), _elements(base, "l"))),
    "from-around": lambda base: ir.Concat((_elements(base, "l"), ir.Elems(_OUTER))),
    "of-lists": lambda base: ir.Concat((_elements(base, "l"), LISTS["of-one-map"](_a(base)))),
}


def _of_text(element: ir.Value) -> ir.Condition:
    return ir.IsType(_a(element), _TEXT)


def _count(items: ir.Items, of: Of) -> ir.Value:
    name = f"counted#{next(_numbers)}"
    return ir.Count(items, name, of(ir.Var(name)))


VALUES: Mapping[str, Callable[[ir.Value], ir.Value]] = {
    "get": _a,
    "odd-key": lambda base: ir.Get(base, "a.b/c"),
    "default": lambda base: ir.Default(_a(base), ir.Const("b")),
    "default-of-two": lambda base: ir.Default(_a(base), _b(base)),
    "key-of-default": lambda base: _a(ir.Default(_a(base), _b(base))),
    "percent": lambda base: ir.Percent(_a(base)),
    "scaled": lambda base: ir.Scaled(_a(base), _b(base), up=True),
    "port": lambda base: ir.UrlPort(_a(base)),
    "seconds": lambda base: ir.Seconds(_a(base)),
    "length": lambda base: ir.Len(_a(base)),
    "flag": lambda base: ir.Flag(_elements(base, "l"), "f", switch=False),
    "switch-in-lists": lambda base: ir.Flag(LISTS["of-one-map"](base), "f", switch=True),
    "count": lambda base: _count(_elements(base, "l"), _of_text),
    "count-of-lists": lambda base: _count(LISTS["of-one-map"](base), _of_text),
}

TESTS: Mapping[str, Of] = {
    "exists": ir.Exists,
    "text": lambda value: ir.IsType(value, _TEXT),
    "integer": lambda value: ir.IsType(value, ir.ValueType.INTEGER),
    "equal": lambda value: ir.Eq(value, ir.Const("b")),
    "equal-around": lambda value: ir.Eq(value, _OUTER),
    "in": lambda value: ir.In(value, ir.Const(("b", 1, True))),
    "more": lambda value: ir.Compare(ir.Order.GREATER, value, ir.Const(1)),
    "less-than-around": lambda value: ir.Compare(ir.Order.LESS, value, _OUTER),
    "at-most": lambda value: ir.CompareQuantity(ir.Order.AT_MOST, value, ir.Const("1Gi")),
    "starts": lambda value: ir.Text(ir.TextTest.STARTS_WITH, value, ir.Const("b")),
    "matches": lambda value: ir.Matches(value, "^b+$"),
    "not": lambda value: ir.Not(ir.And((ir.Exists(value), ir.Not(ir.Eq(value, ir.Const("b")))))),
}

LOOPS: Mapping[str, Callable[[ir.Items, Of], ir.Condition]] = {
    "some": lambda items, of: _loop(ir.Any, items, of),
    "every": lambda items, of: _loop(ir.All, items, of),
    "more-than-one": lambda items, of: ir.Compare(ir.Order.GREATER, _count(items, of), ir.Const(1)),
}

SCOPES: Mapping[str, Callable[[Of], ir.Condition]] = {
    "outside": lambda of: of(obj("data")),
    "in-a-list": lambda of: _loop(ir.Any, ir.Elems(obj("data")), of),
    "in-lists": lambda of: _loop(ir.All, LISTS["of-one-map"](obj("data")), of),
    "in-a-map": lambda of: _entries(obj("data"), of),
    "in-the-pod": lambda of: of(ir.PodSpec()),
    "in-pod-list": lambda of: _loop(ir.Any, ir.Elems(ir.Get(ir.PodMeta(), "data")), of),
    "before-an-update": lambda of: of(ir.Get(ir.Old(), "data")),
    "in-known-objects": lambda of: _loop(ir.Any, ir.Elems(ir.Known(PDB)), lambda x: of(ir.Get(x, "data"))),
    "in-own-objects": lambda of: _loop(ir.All, ir.Elems(_OWN), lambda x: of(ir.Get(x, "data"))),
    "in-list-in-list": lambda of: _loop(ir.Any, ir.Elems(obj("data")), lambda x: _loop(ir.Any, ir.Elems(x), of)),
}


def _loop(quantifier: type[ir.Any] | type[ir.All], items: ir.Items, of: Of) -> ir.Condition:
    name = f"element#{next(_numbers)}"
    return quantifier(items, name, of(ir.Var(name)))


def _entries(value: ir.Value, of: Of) -> ir.Condition:
    key, entry = (f"{name}#{next(_numbers)}" for name in ("key", "entry"))
    return ir.AnyEntry(value, key, entry, ir.And((ir.Not(ir.Eq(ir.Var(key), ir.Const("b"))), of(ir.Var(entry)))))


def asked_of_values(scope: str) -> Iterator[ir.Rule]:
    """Every test of every value."""
    for value, test in product(VALUES, TESTS):
        yield _rule(f"{scope}-{value}-{test}", SCOPES[scope](_test_of(VALUES[value], TESTS[test])))


def _test_of(value: Callable[[ir.Value], ir.Value], test: Of) -> Of:
    return lambda base: test(value(base))


_ELEMENTS: Mapping[str, Callable[[ir.Value], Of]] = {
    "text": lambda base: _of_text,
    "as-around": lambda base: lambda element: ir.Eq(_a(element), _b(base)),
    "count": lambda base: _test_of(VALUES["count-of-lists"], TESTS["more"]),
}
"""What loops ask of an element; it may be about what is around them."""


def loops_over_lists(scope: str) -> Iterator[ir.Rule]:
    """Every loop over every list."""
    for listed, loop, asked in product(LISTS, LOOPS, _ELEMENTS):
        condition = SCOPES[scope](_loop_of(LISTS[listed], LOOPS[loop], _ELEMENTS[asked]))
        yield _rule(f"{scope}-{loop}-{listed}-{asked}", condition)


def _loop_of(
    items: Callable[[ir.Value], ir.Items],
    loop: Callable[[ir.Items, Of], ir.Condition],
    of: Callable[[ir.Value], Of],
) -> Of:
    return lambda base: loop(items(base), of(base))


_SHOWN_OF: Mapping[str, ir.Value] = {
    "outside": obj("data"),
    "in-the-pod": ir.PodSpec(),
    "before-an-update": ir.Get(ir.Old(), "data"),
}


def shown_values() -> Iterator[ir.Rule]:
    """Every value in a message: at either end, where blanks are cut off, and between texts and other values."""
    for base, value in product(_SHOWN_OF, VALUES):
        shown = VALUES[value](_SHOWN_OF[base])
        yield _rule(f"{base}-{value}-first", ir.FALSE, (shown, " it is"))
        yield _rule(f"{base}-{value}-last", ir.FALSE, ("it is ", shown))
        yield _rule(f"{base}-{value}-between", ir.FALSE, ("a ", shown, " b ", shown, _OUTER))


NAMES = [
    "all",
    "anyObject",
    "array",
    "as",
    "assert",
    "at",
    "authorizer",
    "base",
    "bool",
    "break",
    "bytes",
    "cel",
    "cidr",
    "concat",
    "const",
    "contains",
    "continue",
    "count",
    "counted",
    "data",
    "default",
    "double",
    "duration",
    "dyn",
    "either",
    "element",
    "elementIndex",
    "elems",
    "else",
    "entries",
    "every",
    "exists",
    "exists_one",
    "f",
    "fails",
    "false",
    "filter",
    "filtered",
    "floor",
    "format",
    "function",
    "get",
    "gatekeeper_internal_x",
    "given",
    "has",
    "http",
    "if",
    "image",
    "images",
    "import",
    "in",
    "input",
    "int",
    "ip",
    "is_string",
    "items",
    "json",
    "k",
    "keys",
    "known",
    "length",
    "let",
    "list",
    "loop",
    "manifest",
    "map",
    "matched",
    "matches",
    "merge",
    "message",
    "metadata",
    "namespace",
    "namespaceObject",
    "not",
    "not_null",
    "null",
    "object",
    "oldObject",
    "optional",
    "package",
    "params",
    "parse_json",
    "percent",
    "place",
    "pod",
    "podSpec",
    "quantity",
    "request",
    "resource",
    "return",
    "serviceAccountName",
    "sets",
    "size",
    "some",
    "spec",
    "string",
    "target",
    "to_string",
    "true",
    "type",
    "uint",
    "url",
    "v",
    "value",
    "values",
    "var",
    "variables",
    "violation",
    "void",
    "while",
    "with",
    "x",
    "_x",
    "x_1",
]
"""Words of the languages, and names of what engines and printers have beside a rule's variables."""


def named_after_words() -> Iterator[ir.Rule]:
    """Variables, and parameters, that have the names of something else: several with one stem, and one inside the other."""
    for number, word in enumerate(NAMES):
        one, two, three, four, five = (word, *(f"{word}_{place}" for place in range(2, 6)))
        counted = ir.Count(_elements(ir.Var(two), "m"), three, _of_text(ir.Var(three)))
        inner = ir.And((ir.Eq(_a(ir.Var(one)), _b(ir.Var(two))), TESTS["more"](counted)))
        of_key = ir.AnyEntry(ir.Get(ir.Var(one), "n"), four, five, ir.Eq(ir.Var(four), _a(ir.Var(one))))
        outer = ir.Or((ir.Any(_elements(ir.Var(one), "l"), two, inner), of_key))
        yield _named(f"word-{number}", ir.Any(ir.Elems(obj("data")), one, outer))
        limit = ir.Param(word, ir.ParameterType.INTEGER, 1, "A number")
        over = ir.Compare(ir.Order.GREATER, _a(ir.Var(one)), limit)
        yield _named(f"given-{number}", ir.Any(ir.Elems(obj("data")), one, over), (limit,))


def _named(name: str, condition: ir.Condition, parameters: tuple[ir.Param, ...] = ()) -> ir.Rule:
    return ir.Rule(f"nested-{name}", (DEPLOYMENT,), WRITES, ir.TRUE, condition, ("no",), parameters)


def _rule(name: str, condition: ir.Condition, message: ir.Message = ("no",)) -> ir.Rule:
    return unique_names(ir.Rule(f"nested-{name}", (DEPLOYMENT, POD), WRITES, ir.TRUE, condition, message))
