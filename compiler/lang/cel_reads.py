"""Values that are read behind guards in CEL, and the tests of them: each false unless every guard is true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import assert_never

from cmpolicy import ir
from cmpolicy.evaluate.values import DURATION, LARGEST_TOTAL, URL, seconds
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_syntax import EMPTY, FALSE, NULL, TRUE, Cel

_BARE_NULL = Cel("null")
_LARGEST = 2**53
TEXT_METHODS = {
    ir.TextTest.STARTS_WITH: "startsWith",
    ir.TextTest.ENDS_WITH: "endsWith",
    ir.TextTest.CONTAINS: "contains",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A value behind guards: null unless all of them are true.

    `known` is the type that it then has, where that is certain; `static` is what CEL's checker sees. `constant` is set
    for what is the same for every object. A `plain` value is a name or a path from one, cheap to write twice.
    """

    value: Cel
    guards: tuple[Cel, ...] = ()
    known: ir.ValueType | None = None
    static: str = "dyn"
    constant: bool = False
    plain: bool = True

    def dynamic(self) -> Cel:
        """The value, guards aside, without a static type."""
        return self.value if self.static == "dyn" else cel.dynamic(self.value)

    def total(self) -> Cel:
        """The value as one dynamic expression."""
        given = cel.conjunction(self.guards)
        return NULL if given == FALSE else cel.conditional(given, self.dynamic(), _BARE_NULL)


@dataclass(frozen=True, slots=True)
class Binding:
    """A local name for a value around a condition."""

    name: Cel
    value: Cel


def type_of(constant: ir.Constant) -> ir.ValueType:
    """The type of a constant."""
    match constant:
        case bool():
            return ir.ValueType.BOOLEAN
        case int() | float():
            return ir.ValueType.NUMBER
        case str():
            return ir.ValueType.STRING
        case _:
            return ir.ValueType.LIST


NOTHING = Read(NULL, (FALSE,))
"""Always null."""


def may_be(read: Read, type_: ir.ValueType) -> bool:
    """Whether it is not known to be of another type. What is known is not asked: CEL's checker refuses such questions."""
    return read.known in (None, type_)


def is_null(value: Cel) -> Cel:
    """`value == null`"""
    return cel.relation("==", value, _BARE_NULL)


def is_not_null(value: Cel) -> Cel:
    """`value != null`"""
    return cel.relation("!=", value, _BARE_NULL)


def guarded(test: Cel, *reads: Read) -> Cel:
    """The test behind the guards of what it reads."""
    return cel.conjunction((*(guard for read in reads for guard in read.guards), test))


def without_null(found: Cel, local: Cel) -> Cel:
    """The elements of a list that are not null."""
    return cel.method(found, "filter", local, is_not_null(local))


def some(found: Cel, local: Cel, test: Cel) -> Cel:
    """Whether the test is true of some element of a list, under a local name."""
    if test == TRUE:
        return cel.relation("!=", cel.call("size", found), Cel("0"))
    return cel.method(found, "exists", local, test)


def or_empty(guards: tuple[Cel, ...], found: Cel) -> Cel:
    """The list, or an empty one unless all guards are true."""
    given = cel.conjunction(guards)
    return EMPTY if given == FALSE else cel.conditional(given, found, Cel("[]"))


def joined(parts: Sequence[tuple[tuple[Cel, ...], Cel]]) -> tuple[tuple[Cel, ...], Cel]:
    """The sum of guarded lists, behind the guards that all of them start with."""
    if not parts:
        return (), EMPTY
    steps = zip(*(guards for guards, _ in parts), strict=False)
    common = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps)]
    return tuple(common), cel.total(or_empty(guards[len(common) :], found) for guards, found in parts)


def root(name: str) -> Read:
    """An object of the request. Where there is none, the API server gives null, and Kyverno an empty map."""
    value = Cel(name)
    return Read(value, (is_not_null(value), cel.relation(">", cel.call("size", value), Cel("0"))), plain=False)


def root_entry(name: str, key: str | Cel, *, certain: bool) -> Read:
    """`ir.Get` of an object of the request, which is a map or, unless it is certain, null; `has` is false of null."""
    value = Cel(name)
    given = TRUE if certain or cel.is_identifier(key) else is_not_null(value)
    return Read(cel.entry(value, key), (given, cel.has_entry(value, key)))


def known(kind: ir.Kind, namespace: Read | None) -> Cel:
    """`ir.Known` of all namespaces or in a plain value; Kyverno would take "" for all."""
    if namespace is None:
        return _listed(kind, Cel('""'))
    is_name = (cel.has_type(namespace.value, "string"), cel.relation("!=", namespace.value, Cel('""')))
    return cel.conditional(cel.conjunction((*namespace.guards, *is_name)), _listed(kind, namespace.value), EMPTY)


def _listed(kind: ir.Kind, namespace: Cel) -> Cel:
    """By Kyverno's library."""
    names = (Cel(cel.quote(name)) for name in (kind.api_version, kind.plural))
    return cel.dynamic(cel.index(cel.method(Cel("resource"), "List", *names, namespace), Cel('"items"')))


def entry(read: Read, key: str | Cel) -> Read:
    """`ir.Get` of a plain value."""
    if not may_be(read, ir.ValueType.MAP):
        return NOTHING
    guards = (*read.guards, cel.has_type(read.value, "map"), cel.has_entry(read.value, key))
    return Read(cel.entry(read.value, key), guards)


def default_of(read: Read, fallback: Cel) -> Read:
    """`ir.Default` of a plain value."""
    given = cel.conjunction(read.guards if read.known else (*read.guards, is_not_null(read.value)))
    return Read(cel.conditional(given, read.dynamic(), fallback), plain=False)


def percent_of(read: Read) -> Read:
    """`ir.Percent` of a plain value."""
    if not may_be(read, ir.ValueType.STRING):
        return NOTHING
    matches = cel.method(read.value, "matches", Cel(cel.quote("^[0-9]{1,4}%$")))
    digits = cel.method(read.value, "replace", Cel('"%"'), Cel('""'))
    guards = (*read.guards, cel.has_type(read.value, "string"), matches)
    return Read(cel.call("int", digits), guards, ir.ValueType.NUMBER, "int", plain=False)


def scaled(read: Read, total: Read, up: bool) -> Read:
    """`ir.Scaled` of plain values."""
    value = read.dynamic()
    whole = total.value if total.static == "int" else cel.call("int", total.dynamic())
    share = cel.product(percent_of(read).value, "*", whole)
    rounded = cel.product(cel.total((share, Cel("99"))) if up else share, "/", Cel("100"))
    is_share = cel.conjunction((exists(percent_of(read)), _is_total(total)))
    found = cel.conditional(cel.has_type(value, "string"), cel.dynamic(rounded), value)
    guards = (*read.guards, cel.disjunction((has_type(read, ir.ValueType.INTEGER), is_share)))
    return Read(found, guards, ir.ValueType.NUMBER, plain=False)


def _is_total(total: Read) -> Cel:
    """Whether percentages of a plain value can be taken."""
    if total.static == "int" and total.constant:
        return TRUE if 0 <= int(total.value.text) <= LARGEST_TOTAL else FALSE
    value = total.dynamic()
    in_range = (cel.relation(">=", value, Cel("0")), cel.relation("<=", value, Cel(str(LARGEST_TOTAL))))
    return guarded(cel.conjunction((has_type(total, ir.ValueType.INTEGER), *in_range)), total)


def url_port(read: Read) -> Read:
    """`ir.UrlPort` of a plain value."""
    value = read.value
    is_url = cel.method(value, "matches", Cel(cel.quote(URL)))
    names_port = cel.method(value, "matches", Cel(cel.quote(URL.replace(")?(/", ")(/"))))
    authority = cel.index(cel.method(value, "split", Cel('"/"')), Cel("2"))
    after = cel.total((cel.method(authority, "lastIndexOf", Cel('":"')), Cel("1")))
    named = cel.call("int", cel.method(authority, "substring", after))
    usual = cel.conditional(cel.method(value, "startsWith", Cel('"https"')), Cel("443"), Cel("80"))
    guards = (*read.guards, cel.has_type(value, "string"), is_url)
    return Read(cel.conditional(names_port, named, usual), guards, ir.ValueType.NUMBER, "int", plain=False)


def seconds_of(read: Read, constant: ir.Constant | None) -> Read:
    """`ir.Seconds` of a plain value, or of this constant: engines do not even load a policy with one that is no duration."""
    is_none = constant is not None and not (isinstance(constant, str) and seconds(constant) is not None)
    if is_none or not may_be(read, ir.ValueType.STRING):
        return NOTHING
    typed = TRUE if read.known else cel.has_type(read.value, "string")
    guards = (*read.guards, typed, cel.method(read.value, "matches", Cel(cel.quote(DURATION))))
    found = cel.method(cel.call("duration", read.value), "getSeconds")
    return Read(found, guards, ir.ValueType.NUMBER, "int", plain=False)


def length_of(read: Read, local: Cel) -> Read:
    """`ir.Len` of a plain value; `local` is a name to run over it."""
    value = read.dynamic()
    entries = cel.method(value, "filter", local, is_not_null(cel.index(value, local)))
    of_list, of_map = cel.call("size", without_null(value, local)), cel.call("size", entries)
    of_other = cel.conditional(cel.has_type(value, "list"), of_list, of_map)
    size = cel.conditional(cel.has_type(value, "string"), cel.call("size", value), of_other)
    guards = (*read.guards, cel.has_type(value, "string", "list", "map"))
    return Read(size, guards, ir.ValueType.NUMBER, "int", plain=False)


def last_flag(arguments: Cel, name: str, local: Cel) -> Cel:
    """Where in a list without nulls `--name` or `--name=value` stands last, or -1; `local` is a name to run over it."""
    bare, prefix = Cel(cel.quote(f"--{name}")), Cel(cel.quote(f"--{name}="))
    is_pair = cel.conjunction((cel.has_type(local, "string"), cel.method(local, "startsWith", prefix)))
    bared = cel.method(arguments, "map", local, cel.conditional(is_pair, cel.dynamic(bare), local))
    return cel.method(bared, "lastIndexOf", bare)


def flag_of(arguments: Cel, at: Cel, name: str, switch: bool) -> Read:
    """`ir.Flag` over a list without nulls, of which `last_flag` gave `at`."""
    last, bare = cel.index(arguments, at), Cel(cel.quote(f"--{name}"))
    given, is_bare = cel.relation(">=", at, Cel("0")), cel.relation("==", last, bare)
    value = cel.method(last, "substring", Cel(str(len(name) + 3)))
    if switch:
        return Read(
            cel.conditional(is_bare, Cel('"true"'), value), (given,), ir.ValueType.STRING, "string", plain=False
        )
    following = cel.total((at, Cel("1")))
    after = cel.index(arguments, following)
    has_next = cel.relation("<", following, cel.call("size", arguments))
    has_value = cel.disjunction((cel.negation(is_bare), cel.conjunction((has_next, cel.has_type(after, "string")))))
    chosen = cel.conditional(is_bare, after, cel.dynamic(value))
    return Read(chosen, (given, has_value), ir.ValueType.STRING, plain=False)


def parameter_of(params: Cel, name: str, default: ir.Constant) -> Cel:
    """The parameter, or its default where it is absent or null."""
    key = Cel(cel.quote(name))
    value = cel.index(params, key)
    given = cel.conjunction((cel.has_type(params, "map"), cel.relation("in", key, params), is_not_null(value)))
    return cel.conditional(given, value, cel.dynamic(cel.literal(default)))


def exists(read: Read) -> Cel:
    """`ir.Exists`"""
    return guarded(TRUE if read.known else is_not_null(read.value), read)


def has_type(read: Read, type_: ir.ValueType) -> Cel:
    """`ir.IsType` of a plain value."""
    value = read.dynamic()
    match type_:
        case ir.ValueType.BOOLEAN:
            test = cel.has_type(value, "bool")
        case ir.ValueType.NUMBER:
            test = cel.is_number(value)
        case ir.ValueType.INTEGER:
            test = cel.conjunction((cel.is_number(value), is_integral(cel.call("double", value))))
        case ir.ValueType.STRING:
            test = cel.has_type(value, "string")
        case ir.ValueType.LIST:
            test = cel.has_type(value, "list")
        case ir.ValueType.MAP:
            test = cel.has_type(value, "map")
        case _:
            assert_never(type_)
    return guarded(test, read)


def is_integral(double: Cel) -> Cel:
    """Whether a double has no fraction and a magnitude of at most 2^53."""
    return cel.conjunction(
        (
            cel.relation(">=", double, Cel(f"-{_LARGEST}.0", cel.Binds.UNARY)),
            cel.relation("<=", double, Cel(f"{_LARGEST}.0")),
            cel.relation("==", cel.call("double", cel.call("int", double)), double),
        )
    )


def eq(left: Read, right: Read) -> Cel:
    """`ir.Eq`; both are plain unless the other is of a known type that is no num."""
    known = {read.known for read in (left, right)} - {None}
    if len(known) > 1 or known & {ir.ValueType.LIST, ir.ValueType.MAP}:
        return FALSE
    same = cel.relation("==", _beside(left, right), right.value)
    doubles = cel.relation("==", cel.call("double", left.value), cel.call("double", right.value))
    if known == {ir.ValueType.NUMBER} and not (left.constant or right.constant):
        return guarded(cel.conjunction((*_numbers(left, right), doubles)), left, right)
    if known:
        return guarded(same, left, right)
    text = cel.conjunction((cel.has_type(left.value, "string", "bool"), same))
    return guarded(cel.disjunction((text, cel.conjunction((*_numbers(left, right), doubles)))), left, right)


def _beside(left: Read, right: Read) -> Cel:
    """The left side of a relation: CEL's checker relates two static types only if they are one."""
    return left.value if "dyn" in (left.static, right.static) or left.static == right.static else left.dynamic()


def _numbers(*reads: Read) -> list[Cel]:
    return [cel.is_number(read.value) for read in reads if read.known is None]


def contained(read: Read, options: Read) -> Cel:
    """`ir.In`"""
    if read.known is ir.ValueType.LIST:
        return FALSE
    return guarded(cel.relation("in", read.dynamic(), options.value), read)


def compare(order: ir.Order, left: Read, right: Read) -> Cel:
    """`ir.Compare`; plain unless known to be a num."""
    if any(read.known not in (None, ir.ValueType.NUMBER) for read in (left, right)):
        return FALSE
    if left.constant or right.constant:
        # A constant is below 2^53, where int64 and double compare alike.
        ordered = cel.relation(order, _beside(left, right), right.value)
    else:
        ordered = cel.relation(order, cel.call("double", left.value), cel.call("double", right.value))
    return guarded(cel.conjunction((*_numbers(left, right), ordered)), left, right)


def of_string(read: Read, method: str, argument: Cel) -> Cel:
    """A test of a plain value by a method of strings; false unless it is one."""
    test = cel.method(read.value, method, argument)
    match read.known:
        case None:
            return guarded(cel.conjunction((cel.has_type(read.value, "string"), test)), read)
        case ir.ValueType.STRING:
            return guarded(test, read)
        case _:
            return FALSE


_VARIABLE = re.compile(r"\bvariables\.(\w+)")


def needed(variables: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    """The variables that the texts read, and those that these read, in their order.

    The others are of parts that are not printed: a constant beside them settled what they are a part of.
    """
    read = {name for text in texts for name in _VARIABLE.findall(text)}
    for name, expression in reversed(list(variables.items())):
        if name in read:
            read.update(_VARIABLE.findall(expression))
    return [name for name in variables if name in read]
