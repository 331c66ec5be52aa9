"""Typed expressions over a manifest: what `deployment.spec.replicas` is while a rule is traced.

Each class stands for one type of field. Operators and methods build IR; nothing is computed. What a type does not
offer is an author error at load time, and a type error in an editor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, NoReturn, Self, TypeVar

from cmpolicy import ir, regex
from cmpolicy.dsl.conditions import Condition
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.refusals import Traced, constant_text, offers, shown, with_article

T = TypeVar("T")

_LOOP_REMEDY = "use `.any(lambda x: ...)`, `.all(lambda x: ...)` or `.count(lambda x: ...)`"


class Value(Traced):
    """Any field. Null is absent: a missing key, an explicit null and a missing parent are the same."""

    __slots__ = ("_node",)
    described = "value"

    def __init__(self, node: ir.Value) -> None:
        self._node = node

    def exists(self) -> Condition:
        """It is there and not null."""
        return Condition(ir.Exists(self._node))

    def absent(self) -> Condition:
        """It is missing or null."""
        return Condition(ir.Not(ir.Exists(self._node)))

    def is_list(self) -> Condition:
        """It is a list, whatever its type should be."""
        return Condition(ir.IsType(self._node, ir.ValueType.LIST))

    def is_map(self) -> Condition:
        """It is a map, whatever its type should be."""
        return Condition(ir.IsType(self._node, ir.ValueType.MAP))

    if not TYPE_CHECKING:

        def __bool__(self) -> NoReturn:
            raise author_error("truth", "a field has no truth of its own", "compare it, or ask `.exists()`")

        def __iter__(self) -> NoReturn:
            raise author_error("loop", "Python cannot loop over a field of a manifest", _LOOP_REMEDY)

        def __len__(self) -> NoReturn:
            raise author_error("loop", "Python cannot know the length of a field", "use `.length()`")

        def __contains__(self, item: object) -> NoReturn:
            raise author_error(
                "truth", "`in` decides in Python", "use `.contains(...)`, `.has(...)` or `.is_in([...])`"
            )

        def _unordered(self, other: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} cannot be ordered", offers(type(self)))

        __lt__ = __le__ = __gt__ = __ge__ = _unordered

        def _incomparable(self, other: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} cannot be compared for equality", offers(type(self)))

        __eq__ = __ne__ = _incomparable
        __hash__ = object.__hash__

        def _no_logic(self, other: object) -> NoReturn:
            remedy = "`&` and `|` bind tighter than comparisons: write `(a >= 1) & (b >= 2)`"
            raise author_error("operator", f"{with_article(self)} is no condition", remedy)

        __and__ = __rand__ = __or__ = __ror__ = _no_logic

        def __invert__(self) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} is no condition", "compare it first")

        def __getitem__(self, key: object) -> NoReturn:
            raise author_error("operator", f"{with_article(self)} has no parts by place or key", _LOOP_REMEDY)


_CONSTANTS: dict[type, str] = {bool: "`True` or `False`", int: "a number", float: "a number", str: "a string"}


class _Scalar(Value, Generic[T]):
    """What bool, num and str fields share; `T` is the Python type of their constants."""

    __slots__ = ()
    accepts: tuple[type, ...] = ()

    def default(self, fallback: T | Self) -> Self:
        """This, or `fallback` where it is absent. Take the API server's default where there is one."""
        return type(self)(ir.Default(self._node, self._operand(fallback)))

    def is_in(self, options: Sequence[T]) -> Condition:
        """It equals one of these."""
        return Condition(ir.In(self._node, self._options(options)))

    def __eq__(self, other: T | Self) -> Condition:  # type: ignore[override]
        return Condition(ir.Eq(self._node, self._operand(other)))

    def __ne__(self, other: T | Self) -> Condition:  # type: ignore[override]
        return Condition(ir.Not(ir.Eq(self._node, self._operand(other))))

    __hash__ = object.__hash__

    def _operand(self, other: object) -> ir.Value:
        if isinstance(other, type(self)) or (isinstance(other, Value) and type(other) is Value):
            return other._node
        if isinstance(other, Number) and isinstance(self, Number):
            return other._node
        if not isinstance(other, Value):
            return ir.Const(self._constant(other))
        message = f"{with_article(self)} cannot be compared with {with_article(other)}"
        raise author_error("type", message, f"{self._example()}, or a field of the same type")

    def _constant(self, value: object) -> ir.Scalar:
        if not isinstance(value, self.accepts) or (isinstance(value, bool) and bool not in self.accepts):
            raise author_error("type", f"{with_article(self)} cannot be compared with {shown(value)}", self._example())
        assert isinstance(value, bool | int | float | str)
        return exact(value)

    def _example(self) -> str:
        return f"give {' or '.join(dict.fromkeys(_CONSTANTS[type_] for type_ in self.accepts))}"

    def _options(self, options: object) -> ir.Const | ir.Param:
        if isinstance(options, Options):
            if options.holds not in self.accepts:
                message = f"{with_article(self)} is never in a list of {options.holds.__name__}"
                raise author_error("type", message, "give the parameter a list of the field's type")
            return options._node
        if not isinstance(options, list | tuple | set | frozenset):
            raise author_error("type", "a list of options is needed here", 'write `.is_in(["a", "b"])`')
        ordered = options if isinstance(options, list | tuple) else sorted(options)
        return ir.Const(tuple(self._constant(option) for option in ordered))


def exact(value: ir.Scalar) -> ir.Scalar:
    """The constant; an author error for a number or a text that does not mean the same in every engine."""
    if isinstance(value, int | float) and not abs(value) <= ir.MAX_EXACT_INTEGER:
        raise author_error("number", f"`{value}` does not mean the same in every engine", "stay below 2^53")
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise author_error(
            "type", f"{shown(value)} holds half a character, which no engine reads", "write the whole one"
        )
    return value


class Boolean(_Scalar[bool]):
    """A field that is true or false. Absent is neither: choose with `.default(...)`, or ask for what must be there."""

    __slots__ = ()
    described = "boolean"
    accepts = (bool,)

    def is_true(self) -> Condition:
        """It is there and true."""
        return Condition(ir.Eq(self._node, ir.Const(True)))

    def is_false(self) -> Condition:
        """It is there and false."""
        return Condition(ir.Eq(self._node, ir.Const(False)))


class Number(_Scalar[float]):
    """A number. Ordering is false where it is absent or no number."""

    __slots__ = ()
    described = "number"
    accepts = (int, float)

    def __lt__(self, other: float | Number) -> Condition:
        return self._ordered(ir.Order.LESS, other)

    def __le__(self, other: float | Number) -> Condition:
        return self._ordered(ir.Order.AT_MOST, other)

    def __gt__(self, other: float | Number) -> Condition:
        return self._ordered(ir.Order.GREATER, other)

    def __ge__(self, other: float | Number) -> Condition:
        return self._ordered(ir.Order.AT_LEAST, other)

    def between(self, low: float | Number, high: float | Number) -> Condition:
        """At least `low` and at most `high`."""
        return (self >= low) & (self <= high)

    def _ordered(self, order: ir.Order, other: object) -> Condition:
        return Condition(ir.Compare(order, self._node, self._operand(other)))


class Integer(Number):
    """A whole number."""

    __slots__ = ()
    described = "integer"


class String(_Scalar[str]):
    """A string. Every test is false where it is absent or no string."""

    __slots__ = ()
    described = "string"
    accepts = (str,)

    def starts_with(self, prefix: str | String) -> Condition:
        """It starts with `prefix`."""
        return self._test(ir.TextTest.STARTS_WITH, prefix)

    def ends_with(self, suffix: str | String) -> Condition:
        """It ends with `suffix`."""
        return self._test(ir.TextTest.ENDS_WITH, suffix)

    def contains(self, part: str | String) -> Condition:
        """It contains `part`."""
        return self._test(ir.TextTest.CONTAINS, part)

    def matches(self, pattern: str) -> Condition:
        """The safe regular expression is found anywhere in it; anchor with `^` and `$`."""
        if problem := regex.problem(constant_text(pattern, "a regular expression")):
            raise author_error("regex", problem, "the safe subset is listed in docs/writing-a-rule.md")
        return Condition(ir.Matches(self._node, pattern))

    def glob(self, pattern: str) -> Condition:
        """The whole string matches the wildcard: `*` is any run, `?` one character."""
        return Condition(ir.Matches(self._node, regex.glob(constant_text(pattern, "a wildcard"))))

    def length(self) -> Integer:
        """Its code points."""
        return Integer(ir.Len(self._node))

    def url_port(self) -> Integer:
        """The port of a URL: the one it names, else 443 or 80; absent for any other string."""
        return Integer(ir.UrlPort(self._node))

    def percent(self) -> Integer:
        """The number n of `n%`; absent for any other string."""
        return Integer(ir.Percent(self._node))

    def _test(self, test: ir.TextTest, text: str | String) -> Condition:
        operand = self._operand(text)
        if not isinstance(operand, ir.Const | ir.Param):
            message = "a string can only be tested against a constant or a parameter"
            raise author_error("type", message, "compare the fields with `==`, or give a string")
        return Condition(ir.Text(test, self._node, operand))


def seconds(text: str | String) -> Integer:
    """The whole seconds of a duration such as `90m` or `2160h0m0s`; absent for any other string.

    It is a field, a parameter, or a duration that the rule itself brings.
    """
    from cmpolicy.evaluate.values import seconds as read

    given: object = text
    if not isinstance(given, str | String):
        remedy = 'give a string field, or a text such as "90m"'
        raise author_error("type", f"a duration is read from a string, not from {shown(given)}", remedy)
    node = ir.Const(given) if isinstance(given, str) else given._node
    if isinstance(node, ir.Const | ir.Param):
        constant = node.value if isinstance(node, ir.Const) else node.default
        if read(str(constant)) is None:
            raise author_error("type", f"`{constant}` is no duration", 'write hours, minutes and seconds: "90h30m"')
    return Integer(ir.Seconds(node))


class IntOrString(_Scalar[int | str]):
    """A field that holds a number, or a string such as a percentage or a port name: read it as one of them."""

    __slots__ = ()
    described = "int-or-string"
    accepts = (int, str)

    def number(self) -> Integer:
        """It, as a number; every ordering is false where it is a string."""
        return Integer(self._node)

    def string(self) -> String:
        """It, as a string; every test is false where it is a number."""
        return String(self._node)

    def percent(self) -> Integer:
        """The number n of `n%`; absent where it is a number or another string."""
        return Integer(ir.Percent(self._node))

    def of(self, total: int | Integer, *, up: bool) -> Integer:
        """The number that it stands for out of `total`: itself, or its percentage of it, rounded up or down.

        Kubernetes rounds `minAvailable` and `maxSurge` up, and the `maxUnavailable` of a Deployment down.
        """
        return Integer(ir.Scaled(self._node, Integer(self._node)._operand(total), up))


class Quantity(Value):
    """A Kubernetes quantity such as `500m` or `1Gi`. Ordering is false where it is absent or no quantity."""

    __slots__ = ()
    described = "quantity"

    def default(self, fallback: str | Quantity) -> Quantity:
        """This, or `fallback` where it is absent."""
        return Quantity(ir.Default(self._node, _quantity_operand(fallback)))

    def __lt__(self, other: str | Quantity) -> Condition:
        return self._ordered(ir.Order.LESS, other)

    def __le__(self, other: str | Quantity) -> Condition:
        return self._ordered(ir.Order.AT_MOST, other)

    def __gt__(self, other: str | Quantity) -> Condition:
        return self._ordered(ir.Order.GREATER, other)

    def __ge__(self, other: str | Quantity) -> Condition:
        return self._ordered(ir.Order.AT_LEAST, other)

    def _ordered(self, order: ir.Order, other: object) -> Condition:
        return Condition(ir.CompareQuantity(order, self._node, _quantity_operand(other)))


def _quantity_operand(other: object) -> ir.Value:
    from cmpolicy.evaluate.quantity import quantity

    if isinstance(other, String) and isinstance(other._node, ir.Param):
        if quantity(str(other._node.default)) is None:
            message = f"the default of `{other._node.name}` is not a quantity"
            raise author_error("type", message, 'give a string such as "500m" or "1Gi"')
        return replace(other._node, type=ir.ParameterType.QUANTITY)
    if isinstance(other, Quantity | String):
        return other._node
    if isinstance(other, str) and quantity(other) is not None:
        return ir.Const(other)
    raise author_error("type", f"{shown(other)} is not a quantity", 'give a string such as "500m" or "1Gi"')


class Options(Traced):
    """A list parameter: what `is_in` takes. Python cannot look into it."""

    __slots__ = ("_node",)
    described = "list parameter"
    instead = "give it as a whole: `x.is_in(parameter)`"

    def __init__(self, node: ir.Param) -> None:
        self._node = node

    @property
    def holds(self) -> type:
        """The Python type of its elements."""
        return int if self._node.type is ir.ParameterType.INTEGERS else str

    if not TYPE_CHECKING:

        def __bool__(self) -> NoReturn:
            raise author_error("truth", "a list parameter has no values yet", self.instead)

        def __contains__(self, item: object) -> NoReturn:
            raise author_error("truth", "`in` decides in Python", self.instead)


def node_of(value: object) -> ir.Value | None:
    """The IR of an expression, or None for anything else."""
    return value._node if isinstance(value, Value) else None
