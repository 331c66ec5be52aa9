"""Values of random rules: fields of the kinds that a rule is about, what is measured of them, constants, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import count
from typing import TypeAlias, TypeVar

from cmpolicy import ir
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.passes.expand_workloads import get_path
from hypothesis import strategies as st

from tests.engines import strategies_texts

T = TypeVar("T")
Keys: TypeAlias = tuple[str, ...]


class Sort(StrEnum):
    """What a value is asked as."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    QUANTITY = "quantity"
    LIST = "list"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Place:
    """A value in scope, and its type in an object as the API server takes it."""

    value: ir.Value
    type: FieldType


Scope: TypeAlias = tuple[Place, ...]
"""What a condition may read, the innermost last; never empty."""

_SORTS: dict[Scalar, tuple[Sort, ...]] = {
    Scalar.STRING: (Sort.STRING,),
    Scalar.INTEGER: (Sort.NUMBER,),
    Scalar.NUMBER: (Sort.NUMBER,),
    Scalar.BOOLEAN: (Sort.BOOLEAN,),
    Scalar.QUANTITY: (Sort.QUANTITY,),
    Scalar.INT_OR_STRING: (Sort.NUMBER, Sort.STRING),
    Scalar.ANY: tuple(Sort),
}
SORTS_OF_PARAMETERS = {
    ir.ParameterType.INTEGER: Sort.NUMBER,
    ir.ParameterType.NUMBER: Sort.NUMBER,
    ir.ParameterType.STRING: Sort.STRING,
    ir.ParameterType.BOOLEAN: Sort.BOOLEAN,
    ir.ParameterType.QUANTITY: Sort.QUANTITY,
}
KNOWN_KINDS = ("ConfigMap", "PodDisruptionBudget", "Deployment", "Namespace", "PriorityClass")
MAP_KEYS = ("app", "a", "app.kubernetes.io/name", "x.y/z~1", "memory", "cpu", "")
ODD_KEYS = (
    "name",
    "a",
    "",
    "a.b/c",
    "*",
    "(x)",
    "{{x}}",
    "$(x)",
    "object.spec",
    "é",
    "😀",
    '"',
    "\\",
    "`",
    "a\nb",
    "%s",
)
NUMBERS = (0, 1, 2, 3, -1, 1.0, 1.5, 0.1, 50, 8080, -0.5, 1e-7, 5e-324, 1e15, 1000000, 2**31, 2**53 - 1, 1 - 2**53)
QUANTITIES = (
    *("1", "0", "500m", "100m", "1Gi", "512Mi", "1024Mi", "0.5Gi", "1e3", "1E", "1k", "-1", "+1", ".5", "1.", "1n"),
    *("0.1", "4194303", "4194304", "8Ei", "7Ei", "9223372036854775807", "1.1234567891", "100u", "1e-9", "-0.5Ki"),
)
STRINGS = ("a", "main", "app", "", "b", "*", "kube-system", "1", "50%", "true", "a\n", "é", "😀", "K", "\u212a", "500m")
PARAMETER_NAMES = (
    "minimum",
    "allowed",
    "input",
    "object",
    "params",
    "größe",
    "count",
    "in_",
    "__x",
    "true_",
    "get",
    "a-b",
)
VARIABLE_NAMES = ("c", "x", "e", "v", "n", "a", "input", "object", "größe", "count", "get", "_", "params", "size", "in")
FLAGS = ("v", "leader-election-namespace", "a.b", "é", "{{x}}", "$(x)", '"', "%s")


@cache
def routes(type_: FieldType, steps: int = 3) -> tuple[tuple[Keys, FieldType], ...]:
    """The paths of at most so many keys from a value of this type, shortest first, and the type that each leads to."""
    return tuple(sorted(_routes(type_, steps), key=lambda route: (len(route[0]), route[0])))


def _routes(type_: FieldType, steps: int) -> Iterator[tuple[Keys, FieldType]]:
    yield (), type_
    if steps:
        for key, inner in _below(type_):
            yield from (((key, *keys), found) for keys, found in _routes(inner, steps - 1))


def _below(type_: FieldType) -> Iterable[tuple[str, FieldType]]:
    match type_:
        case ObjectType(name):
            return ((key, found.type) for key, found in index.fields(name).items())
        case MapOf(value):
            return ((key, value) for key in MAP_KEYS)
        case _:
            return ()


@cache
def routes_to(type_: FieldType, sort: Sort) -> tuple[tuple[Keys, FieldType], ...]:
    """The routes to values of this sort."""
    return tuple(route for route in routes(type_) if sort in sorts(route[1]))


def sorts(type_: FieldType) -> tuple[Sort, ...]:
    """As what a value of this type may be asked."""
    match type_:
        case Scalar():
            return _SORTS[type_]
        case ListOf():
            return (Sort.LIST,)
        case MapOf() | ObjectType():
            return (Sort.MAP,)


@dataclass(slots=True)
class Values:
    """Draws the values of one rule, and gathers its parameters."""

    draw: st.DrawFn
    parameters: dict[str, ir.Param] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(2))
    _bound: set[str] = field(default_factory=set)

    def pick(self, options: Sequence[T]) -> T:
        """One of these; the first is the simplest."""
        return self.draw(st.sampled_from(options))

    def chance(self, one_in: int) -> bool:
        """True once in so many draws."""
        return self.draw(st.integers(0, one_in - 1)) == one_in - 1

    def variable(self, wanted: str = "") -> str:
        """A name that no quantifier of the rule has yet, with a number if it is the wanted one."""
        name = wanted = wanted or self.pick(VARIABLE_NAMES)
        while name in self._bound:
            name = f"{wanted}_{next(self._numbers)}"
        self._bound.add(name)
        return name

    # Fields

    def place(self, scope: Scope, sort: Sort) -> Place:
        """A field of this sort, mostly of what is in scope last; now and then one that no object should have."""
        fitting = [place for place in scope if routes_to(place.type, sort)]
        if not fitting or self.chance(16):
            return self._odd(scope)
        found = self.pick((*reversed(fitting), fitting[-1]))
        keys, type_ = self.pick(routes_to(found.type, sort))
        return Place(get_path(found.value, keys), type_)

    def any_place(self, scope: Scope) -> Place:
        """A field of any sort, or a parent of one."""
        found = self.pick((*reversed(scope), scope[-1]))
        if self.chance(10):
            return self._odd(scope)
        keys, type_ = self.pick(routes(found.type))
        return Place(get_path(found.value, keys), type_)

    def _odd(self, scope: Scope) -> Place:
        base = self.pick((*reversed(scope), scope[-1]))
        keys, _ = self.pick(routes(base.type, 1))
        value = ir.Const(self.constant(Sort.STRING)) if self.chance(12) else get_path(base.value, keys)
        for _ in range(self.draw(st.integers(1, 2))):
            value = ir.Get(value, self._key())
        return Place(value, Scalar.ANY)

    def _key(self) -> str | ir.Param:
        return self.parameter(ir.ParameterType.STRING) if self.chance(6) else self.pick(ODD_KEYS)

    # Values

    def value(self, scope: Scope, sort: Sort, depth: int) -> ir.Value:
        """A value that is of this sort where the object is well-formed."""
        choice = self.draw(st.integers(0, 15))
        match choice, sort:
            case ((8 | 9 | 10 | 13 | 14), Sort.NUMBER):
                return self.number(scope, depth)
            case 10, _:
                return ir.Default(self.place(scope, sort).value, self.given(sort))
            case 11, _:
                return ir.Default(self.place(scope, sort).value, self.place(scope, sort).value)
            case 12, _ if self.chance(4):
                return self.given(sort)
            case 15, Sort.STRING:
                return self.flag(scope, depth)
            case 15, _:
                fallback = ir.Default(self.place(scope, sort).value, self.given(sort))
                return ir.Default(self.any_place(scope).value, fallback)
            case _:
                return self.place(scope, sort).value

    def number(self, scope: Scope, depth: int) -> ir.Value:
        """A number that is read out of a value."""
        match self.draw(st.integers(0, 9)):
            case 0 | 1:
                return ir.Len(self.place(scope, self.pick((Sort.STRING, Sort.LIST, Sort.MAP))).value)
            case 2 | 3:
                return ir.Percent(self.place(scope, Sort.STRING).value)
            case 4:
                return ir.Default(ir.Len(self.any_place(scope).value), self.given(Sort.NUMBER))
            case 6 | 7:
                sort = self.pick((Sort.STRING, Sort.STRING, Sort.NUMBER))
                total = self.given(Sort.NUMBER) if self.chance(3) else self.place(scope, Sort.NUMBER).value
                return ir.Scaled(self.place(scope, sort).value, total, self.draw(st.booleans()))
            case 8:
                return ir.UrlPort(self.place(scope, Sort.STRING).value)
            case 9:
                return ir.Seconds(self.place(scope, Sort.STRING).value)
            case _:
                measured = self.value(scope, Sort.STRING, 0)
                return ir.Len(measured) if self.draw(st.booleans()) else ir.Percent(measured)

    def flag(self, scope: Scope, depth: int) -> ir.Value:
        """The value of a command-line flag."""
        items, _ = self.items(scope, depth)
        return ir.Flag(items, self.pick(FLAGS), self.draw(st.booleans()))

    def items(self, scope: Scope, depth: int) -> tuple[ir.Items, FieldType]:
        """A list to run over, and the type of its elements."""
        if self.chance(16):
            return self.known(scope)
        found = self.place(scope, Sort.LIST)
        element = found.type.item if isinstance(found.type, ListOf) else Scalar.ANY
        match self.draw(st.integers(0, 9)):
            case 6:
                return ir.Elems(ir.Default(found.value, self.place(scope, Sort.LIST).value)), element
            case 7:
                return ir.Elems(ir.Const(self.constants())), Scalar.STRING
            case 8:
                others = [self.items(scope, 0)[0] for _ in range(self.draw(st.integers(0, 2)))]
                return ir.Concat((ir.Elems(found.value), *others)), element
            case 9 if self.chance(3):
                return ir.Elems(self.any_place(scope).value) if self.draw(st.booleans()) else ir.Concat(()), Scalar.ANY
            case _:
                return ir.Elems(found.value), element

    def known(self, scope: Scope) -> tuple[ir.Items, FieldType]:
        """The known objects of a kind, everywhere or in a namespace, and their type."""
        kind, type_ = index.kind(self.pick(KNOWN_KINDS))
        own = ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace")
        places = (None, ir.Default(own, ir.Const("default")), own, ir.Const("sample"))
        return ir.Elems(ir.Known(kind, self.pick(places) if kind.namespaced else None)), type_

    # What is given

    def given(self, sort: Sort) -> ir.Const | ir.Param:
        """A constant or a parameter of this sort."""
        if self.chance(5):
            fitting = [type_ for type_, found in SORTS_OF_PARAMETERS.items() if found is sort]
            return self.parameter(self.pick(fitting or (ir.ParameterType.STRING,)))
        return ir.Const(self.constant(sort))

    def constant(self, sort: Sort) -> ir.Scalar:
        """A scalar of this sort; a string for sorts that have none."""
        match sort:
            case Sort.NUMBER:
                return self.pick(NUMBERS)
            case Sort.BOOLEAN:
                return self.draw(st.booleans())
            case Sort.QUANTITY:
                return self.pick(QUANTITIES)
            case _:
                return self.draw(strategies_texts.texts(2)) if self.chance(8) else self.pick(STRINGS)

    def constants(self) -> tuple[ir.Scalar, ...]:
        """A list of scalars, strings more often than not."""
        kinds = (Sort.STRING, Sort.STRING, Sort.STRING, Sort.NUMBER, Sort.BOOLEAN)
        return tuple(self.constant(self.pick(kinds)) for _ in range(self.draw(st.integers(0, 3))))

    def parameter(self, type_: ir.ParameterType) -> ir.Param:
        """A parameter of this type, an old one or a new one."""
        old = [parameter for parameter in self.parameters.values() if parameter.type is type_]
        if old and self.chance(2):
            return self.pick(old)
        name = wanted = self.pick(PARAMETER_NAMES)
        while name in self.parameters:
            name = f"{wanted}{len(self.parameters)}"
        made = ir.Param(name, type_, self._of_parameter(type_), "What is asked for")
        self.parameters[name] = made
        return made

    def _of_parameter(self, type_: ir.ParameterType) -> ir.Constant:
        match type_:
            case ir.ParameterType.STRINGS:
                return tuple(self.constant(Sort.STRING) for _ in range(self.draw(st.integers(1, 3))))
            case ir.ParameterType.INTEGERS:
                return tuple(self.draw(st.integers(-2, 9000)) for _ in range(self.draw(st.integers(1, 3))))
            case ir.ParameterType.INTEGER:
                return self.draw(st.integers(-3, 9000))
            case _:
                return self.constant(SORTS_OF_PARAMETERS[type_])
