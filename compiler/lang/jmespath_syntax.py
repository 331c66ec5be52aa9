"""The syntax of JMESPath as Kyverno reads it: pieces of text that know how tightly they bind, and what joins them.

Nothing that is printed here has two braces in a row or a `$(`, which Kyverno takes for its own variables and references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from cmpolicy import ir
from cmpolicy.values import Json


class Binds(IntEnum):
    """How tightly an expression binds, loosest first.

    A projection, such as `l[*]`, is an operand like any other, but keys and indexes after it are asked of each element.
    """

    PIPE = 0
    OR = 1
    AND = 2
    RELATION = 3
    PROJECTION = 4
    MEMBER = 5


@dataclass(frozen=True, slots=True)
class Jmes:
    """An expression: its text, how tightly it binds, and for a test its opposite."""

    text: str
    binds: Binds = Binds.MEMBER
    opposite: str = ""

    def inside(self, binds: Binds) -> str:
        """The text as an operand where something that binds at least so tightly is expected."""
        return self.text if self.binds >= binds else f"({self.text})"

    @property
    def operand(self) -> str:
        """The text as a side of a relation."""
        return self.inside(Binds.PROJECTION)

    @property
    def member(self) -> str:
        """The text as what a key or an index is asked of."""
        return self.inside(Binds.MEMBER)


_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED = re.compile(r"[`{}$]")


def _json(value: Json | ir.Constant) -> str:
    """JSON in ASCII, without the characters that end a literal or begin a variable."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value))


def literal(value: Json | ir.Constant) -> Jmes:
    """A scalar, or a list of them."""
    return Jmes(f"`{_json(value)}`")


NULL, EMPTY, CURRENT = literal(None), literal([]), Jmes("@")
TRUE, FALSE = Jmes("`true`", opposite="`false`"), Jmes("`false`", opposite="`true`")


def at(base: Jmes, key: str) -> Jmes:
    """The value under a key, of the current value the key alone; null if there is none, also of what is no map."""
    return below(base, Jmes(quoted(key)))


def below(base: Jmes, path: Jmes) -> Jmes:
    """What a path of keys, or a list of paths, leads to from a value."""
    return path if base == CURRENT else replace(path, text=f"{base.member}.{path.text}")


def quoted(key: str) -> str:
    """A key, in quotes if it is no word."""
    return key if _PLAIN_KEY.fullmatch(key) else _json(key)


def index(base: Jmes, place: int) -> Jmes:
    """`base[place]`; of the current value `[place]`"""
    return Jmes(f"[{place}]" if base == CURRENT else f"{base.member}[{place}]")


def call(function: str, *arguments: Jmes) -> Jmes:
    """A function of what is given to it."""
    return Jmes(f"{function}({', '.join(argument.text for argument in arguments)})")


def list_of(parts: Iterable[Jmes]) -> Jmes:
    """A list of values; null where the current value is. Without values brackets would mean something else."""
    texts = ", ".join(part.text for part in parts)
    return Jmes(f"[{texts}]") if texts else EMPTY


def map_of(entries: Mapping[str, Jmes]) -> Jmes:
    """A map of values, one at least; null where the current value is."""
    return Jmes(f"{{{', '.join(f'{key}: {value.text}' for key, value in entries.items())}}}")


def where(items: Jmes, test: Jmes) -> Jmes:
    """The elements for which a test is true, in which they are the current value."""
    return Jmes(f"{items.member}[?{test.text}]", Binds.PROJECTION)


def is_empty(items: Jmes) -> Jmes:
    """Whether a list has no elements."""
    return equal(items, EMPTY)


def every(items: Jmes) -> Jmes:
    """The elements that are not null; null of what is no list."""
    return Jmes(f"{items.member}[*]", Binds.PROJECTION)


def of_each(projection: Jmes, path: str) -> Jmes:
    """What a path, such as `.key` or `[0]`, leads to from each element of a projection."""
    assert projection.binds == Binds.PROJECTION, projection
    return Jmes(f"{projection.text}{path}", Binds.PROJECTION)


def flattened(lists: Iterable[Jmes]) -> Jmes:
    """The elements of lists that are not null, one list after the other."""
    return Jmes(f"{list_of(lists).text}[]", Binds.PROJECTION)


def values(base: Jmes) -> Jmes:
    """The values of a map that are not null; null of what is no map."""
    return Jmes(f"{base.member}.*", Binds.PROJECTION)


def each(test: Jmes, items: Jmes) -> Jmes:
    """What `test` gives for each element, in which it is the current value."""
    return call("map", Jmes(f"&({test.text})"), items)


def piped(value: Jmes, then: Jmes) -> Jmes:
    """`then`, in which `value` is the current value."""
    return Jmes(f"{value.inside(Binds.OR)} | {then.member}", Binds.PIPE)


def in_turn(*values: Jmes) -> Jmes:
    """Each value with the one before it as the current value."""
    return Jmes(" | ".join(value.text for value in values), Binds.PIPE)


def equal(left: Jmes, right: Jmes) -> Jmes:
    """Whether both are the same JSON."""
    one, other = left.operand, right.operand
    return Jmes(f"{one} == {other}", Binds.RELATION, opposite=f"{one} != {other}")


def is_not_null(value: Jmes) -> Jmes:
    """Whether there is a value."""
    return negation(equal(value, NULL))


def relation(operator: str, left: Jmes, right: Jmes) -> Jmes:
    """An order of numbers: false, and not null as JMESPath has it, unless both are."""
    return equal(Jmes(f"({left.operand} {operator} {right.operand})"), TRUE)


def negation(test: Jmes) -> Jmes:
    """The opposite of a test."""
    if test.opposite:
        binds = Binds.RELATION if test.binds == Binds.RELATION else Binds.MEMBER
        return Jmes(test.opposite, binds, opposite=test.text)
    # `!` binds tighter than a dot: what follows needs parentheses.
    opposite = test.text if test.binds == Binds.MEMBER else ""
    return Jmes(f"!({test.text})", Binds.RELATION, opposite)


def conjunction(tests: Iterable[Jmes]) -> Jmes:
    """Whether all are true; the value of the last if it is no test."""
    return _joined(" && ", Binds.AND, TRUE, FALSE, tests)


def disjunction(tests: Iterable[Jmes]) -> Jmes:
    """Whether any is true; the first that is not empty if they are no tests."""
    return _joined(" || ", Binds.OR, FALSE, TRUE, tests)


def _joined(operator: str, binds: Binds, neutral: Jmes, decisive: Jmes, tests: Iterable[Jmes]) -> Jmes:
    parts = [part for part in tests if part != neutral]
    if decisive in parts:
        return decisive
    match parts:
        case []:
            return neutral
        case [only]:
            return only
        case _:
            return Jmes(operator.join(part.inside(Binds(binds + 1)) for part in parts), binds)


def first_of(*choices: tuple[Jmes, Jmes], otherwise: Json) -> Jmes:
    """The value beside the first test that is true, whatever it is: in a list of its own it is never empty."""
    chosen = (conjunction((test, list_of((value,)))) for test, value in choices)
    return index(Jmes(disjunction((*chosen, literal([otherwise]))).text, Binds.PIPE), 0)
