"""The syntax of CEL: pieces of text that know how tightly they bind, and the functions that join them.

Parentheses come from the precedence alone, as in the grammar of the CEL specification (`doc/langdef.md`, Syntax).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import takewhile
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
    """An expression: its text, how tightly it binds, for a conjunction its operands, for an equality its opposite.

    A negation has as `denied` what is true where it is false.
    """

    text: str
    binds: Binds = Binds.MEMBER
    operands: tuple[Cel, ...] = ()
    opposite: str = ""
    denied: tuple[Cel, ...] = ()

    def inside(self, binds: Binds) -> str:
        """The text as an operand where something that binds at least so tightly is expected."""
        return self.text if self.binds >= binds else f"({self.text})"


_as_json = json.JSONEncoder(ensure_ascii=False).encode
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
    return _as_json(text)


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
    flat = {part.text: part for condition in conditions for part in operands(condition)}
    if FALSE.text in flat:
        return FALSE
    flat.pop(TRUE.text, None)
    match tuple(flat.values()):
        case ():
            return TRUE
        case (only,):
            return only
        case parts:
            return Cel(" && ".join([part.inside(Binds.AND) for part in parts]), Binds.AND, parts)


def operands(condition: Cel) -> tuple[Cel, ...]:
    """Conditions that are all true where this one is: those that it joins, or itself."""
    return condition.operands or (condition,)


def denials(condition: Cel) -> tuple[Cel, ...]:
    """Conditions that are all true where this one is false."""
    return (negation(condition),) if condition.opposite else condition.denied


def disjunction(conditions: Iterable[Cel]) -> Cel:
    """`a || b || c`; false without conditions. What neighbours start with is written once: `a && (b || c)`."""
    distinct = {condition.text: condition for condition in conditions}
    if TRUE.text in distinct:
        return TRUE
    distinct.pop(FALSE.text, None)
    match _runs(distinct.values()):
        case []:
            return FALSE
        case [run]:
            return _alike(run)
        case runs:
            return Cel(" || ".join([_alike(run).inside(Binds.OR) for run in runs]), Binds.OR)


def _runs(parts: Iterable[Cel]) -> list[list[Cel]]:
    """Neighbours that start with the same operand, and others by themselves."""
    runs: list[list[Cel]] = []
    first = ""
    for part in parts:
        before, first = first, operands(part)[0].text
        if first == before:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _alike(parts: Sequence[Cel]) -> Cel:
    """The disjunction of conditions that start alike: `a && b || a && c  ->  a && (b || c)`."""
    if len(parts) == 1:
        return parts[0]
    steps = takewhile(lambda step: len({each.text for each in step}) == 1, zip(*map(operands, parts), strict=False))
    common = [step[0] for step in steps]
    return conjunction((*common, disjunction(conjunction(operands(part)[len(common) :]) for part in parts)))


def negation(condition: Cel) -> Cel:
    """`!condition`, or `a != b` for `a == b`"""
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    if condition.opposite:
        return Cel(condition.opposite, condition.binds, opposite=condition.text)
    return Cel(f"!{condition.inside(Binds.MEMBER)}", Binds.UNARY, denied=operands(condition))


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
