"""The syntax of CEL: pieces of text that know how tightly they bind, and the functions that join them.

Parentheses come from the precedence alone, as in the grammar of the CEL specification (`doc/langdef.md`, Syntax).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from cmpolicy import ir


class Binds(IntEnum):
    """How tightly an expression binds, loosest first."""

    CONDITIONAL = 0
    OR = 1
    AND = 2
    RELATION = 3
    ADD = 4
    MULTIPLY = 5
    UNARY = 6
    MEMBER = 7


class Cel(NamedTuple):
    """An expression: its text, how tightly it binds, for a conjunction its operands, for an equality its opposite."""

    text: str
    binds: Binds = Binds.MEMBER
    operands: tuple[Cel, ...] = ()
    opposite: str = ""

    def inside(self, binds: Binds) -> str:
        """The text as an operand where something that binds at least so tightly is expected."""
        return self.text if self.binds >= binds else f"({self.text})"


_OPPOSITES = {"==": "!=", "!=": "=="}
RESERVED_WORDS = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ]
)
"""What is no identifier in the grammar."""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TRUE, FALSE, NULL, EMPTY = Cel("true"), Cel("false"), Cel("dyn(null)"), Cel("dyn([])")


def quote(text: str) -> str:
    """The string literal of a text without lone surrogates: JSON's escapes are CEL's, but for surrogate pairs."""
    return json.dumps(text, ensure_ascii=False)


def literal(constant: ir.Constant) -> Cel:
    """The literal of a constant; the elements of a list of several types are made dynamic, as CEL demands one type."""
    match constant:
        case bool():
            return TRUE if constant else FALSE
        case int() | float():
            return _number(constant)
        case str():
            return Cel(quote(constant))
        case _:
            elements = [literal(element) for element in constant]
            mixed = len({static_type(element) for element in constant}) > 1
            return list_of(map(dynamic, elements) if mixed else elements)


def _number(number: int | float) -> Cel:
    text = str(int(number)) if number == int(number) else repr(number)
    return Cel(text, Binds.UNARY if number < 0 else Binds.MEMBER)


def static_type(constant: ir.Constant) -> str:
    """The type that CEL's checker sees in the literal of a constant."""
    match constant:
        case bool():
            return "bool"
        case int() | float():
            return "int" if constant == int(constant) else "double"
        case str():
            return "string"
        case _:
            return "list"


def call(function: str, *arguments: Cel) -> Cel:
    """`function(arguments)`"""
    return Cel(f"{function}({', '.join(argument.text for argument in arguments)})")


def dynamic(value: Cel) -> Cel:
    """The value without a static type."""
    return call("dyn", value)


def list_of(elements: Iterable[Cel]) -> Cel:
    """`[elements]`"""
    return Cel(f"[{', '.join(element.text for element in elements)}]")


def method(receiver: Cel, name: str, *arguments: Cel) -> Cel:
    """`receiver.name(arguments)`"""
    return Cel(f"{receiver.inside(Binds.MEMBER)}.{call(name, *arguments).text}")


def index(receiver: Cel, key: Cel) -> Cel:
    """`receiver[key]`"""
    return Cel(f"{receiver.inside(Binds.MEMBER)}[{key.text}]")


def entry(base: Cel, key: str | Cel) -> Cel:
    """`base.key` or `base["a/key"]`; an expression for a key is an index. The short form compiles in less time."""
    if is_identifier(key):
        return Cel(f"{base.inside(Binds.MEMBER)}.{key}")
    return index(base, Cel(quote(key)) if isinstance(key, str) else key)


def has_entry(base: Cel, key: str | Cel) -> Cel:
    """Whether a map has the key: `has(base.key)` or `"a/key" in base`."""
    if is_identifier(key):
        return call("has", entry(base, key))
    return relation("in", Cel(quote(key)) if isinstance(key, str) else key, base)


def is_identifier(key: str | Cel) -> bool:
    """Whether the key may stand after a dot."""
    return isinstance(key, str) and _IDENTIFIER.fullmatch(key) is not None and key not in RESERVED_WORDS


def relation(operator: str, left: Cel, right: Cel) -> Cel:
    """`left operator right` for an ordering, an equality or `in`."""
    first, second = left.inside(Binds.ADD), right.inside(Binds.ADD)
    opposite = f"{first} {_OPPOSITES[operator]} {second}" if operator in _OPPOSITES else ""
    return Cel(f"{first} {operator} {second}", Binds.RELATION, opposite=opposite)


def total(terms: Iterable[Cel]) -> Cel:
    """`a + b + c` of one or more terms."""
    first, *others = terms
    if not others:
        return first
    return Cel(" + ".join([first.inside(Binds.ADD), *(term.inside(Binds.MULTIPLY) for term in others)]), Binds.ADD)


def product(left: Cel, operator: str, right: Cel) -> Cel:
    """`left * right` or `left / right`"""
    return Cel(f"{left.inside(Binds.MULTIPLY)} {operator} {right.inside(Binds.UNARY)}", Binds.MULTIPLY)


def conjunction(conditions: Iterable[Cel]) -> Cel:
    """`a && b && c`, each once and in order; true without conditions.

    What stands first guards what follows: dropping a later repetition keeps that.
    """
    flat = [part for condition in conditions for part in (condition.operands or (condition,))]
    parts = tuple(part for part in dict.fromkeys(flat) if part != TRUE)
    if FALSE in parts:
        return FALSE
    match parts:
        case ():
            return TRUE
        case (only,):
            return only
        case _:
            return Cel(" && ".join(part.inside(Binds.AND) for part in parts), Binds.AND, parts)


def disjunction(conditions: Iterable[Cel]) -> Cel:
    """`a || b || c`; false without conditions."""
    parts = tuple(part for part in dict.fromkeys(conditions) if part != FALSE)
    if TRUE in parts:
        return TRUE
    match parts:
        case ():
            return FALSE
        case (only,):
            return only
        case _:
            return Cel(" || ".join(part.inside(Binds.OR) for part in parts), Binds.OR)


def negation(condition: Cel) -> Cel:
    """`!condition`, or `a != b` for `a == b`"""
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    if condition.opposite:
        return Cel(condition.opposite, condition.binds, opposite=condition.text)
    return Cel(f"!{condition.inside(Binds.MEMBER)}", Binds.UNARY)


def conditional(test: Cel, then: Cel, otherwise: Cel) -> Cel:
    """`test ? then : otherwise`"""
    if test in (TRUE, FALSE):
        return then if test == TRUE else otherwise
    text = f"{test.inside(Binds.OR)} ? {then.inside(Binds.OR)} : {otherwise.text}"
    return Cel(text, Binds.CONDITIONAL)


def has_type(value: Cel, *types: str) -> Cel:
    """`type(value) == t` for one of the types."""
    return disjunction(relation("==", call("type", value), Cel(name)) for name in types)


def is_number(value: Cel) -> Cel:
    """Whether a dynamic value is a num: the API server hands CEL int64 and double, other readers doubles only."""
    return has_type(value, "int", "double")


def is_one_of(value: Cel, names: list[str]) -> Cel:
    """Whether the value is one of the strings."""
    if len(names) == 1:
        return relation("==", value, Cel(quote(names[0])))
    return relation("in", value, literal(tuple(names)))
