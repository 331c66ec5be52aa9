"""Lists, maps and objects: expressions that hold others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import CO_VARARGS, CO_VARKEYWORDS, signature
from itertools import count
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition, condition_node
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Integer, IntOrString, Options, String, Value
from cmpolicy.dsl.refusals import Traced, constant_text, shown

T = TypeVar("T")
Wrap: TypeAlias = Callable[[ir.Value], T]

_fresh = count()


def fresh_names(function: Callable[..., object], wanted: int) -> tuple[str, ...]:
    """Variable names that occur nowhere else, from the function's own parameters; the loader shortens them."""
    remedy = f"write `lambda {', '.join(('x', 'key', 'value')[wanted - 1 :][:wanted])}: ...`"
    if isinstance(function, Traced) or not callable(function):
        raise author_error("lambda", f"a function is needed here, not {shown(function)}", remedy)
    names = _needed(function, remedy)
    if len(names) != wanted:
        message = f"a function of {wanted} parameter(s) is needed here, not of {len(names)}"
        raise author_error("lambda", message, remedy)
    return tuple(f"{name}#{next(_fresh)}" for name in names)


def _needed(function: Callable[..., object], remedy: str) -> Sequence[str]:
    """The parameters without a default. Of a lambda, which is most of what there is, `inspect` is slow to tell them."""
    if isinstance(function, FunctionType) and _is_plain(function.__code__) and not function.__dict__:
        return function.__code__.co_varnames[: function.__code__.co_argcount - len(function.__defaults__ or ())]
    try:
        return [p.name for p in signature(function).parameters.values() if p.default is p.empty]
    except ValueError:
        raise author_error("lambda", f"{shown(function)} tells no parameters", remedy) from None


def _is_plain(code: CodeType) -> bool:
    """Whether it has positional parameters alone."""
    return not code.co_kwonlyargcount and not code.co_flags & (CO_VARARGS | CO_VARKEYWORDS)


class List(Value, Generic[T]):
    """A list. Null elements do not count; where it is absent or no list it has no elements."""

    __slots__ = ("_filters", "_items", "_wrap")
    described = "list"

    def __init__(self, items: ir.Items, wrap: Wrap[T], filters: tuple[Callable[[T], Condition], ...] = ()) -> None:
        super().__init__(items.value if isinstance(items, ir.Elems) else ir.Const(False))
        self._items = items
        self._wrap = wrap
        self._filters = filters

    def exists(self) -> Condition:
        """It is there and not null. Of joined or filtered lists ask `.any(...)` or `.is_empty()`."""
        if self._filters or not isinstance(self._items, ir.Elems):
            raise author_error("operator", "a joined or filtered list is always there", "ask `.is_empty()`")
        return super().exists()

    def absent(self) -> Condition:
        """It is missing or null. Of joined or filtered lists ask `.is_empty()`."""
        return ~self.exists()

    def any(self, satisfies: Callable[[T], Condition]) -> Condition:
        """Some element satisfies it; false without elements."""
        var, kept, inner = self._bind(satisfies)
        return Condition(ir.Any(self._items, var, ir.And((*kept, inner))))

    def all(self, satisfies: Callable[[T], Condition]) -> Condition:
        """Every element satisfies it; true without elements."""
        var, kept, inner = self._bind(satisfies)
        return Condition(ir.All(self._items, var, ir.Or((*(ir.Not(each) for each in kept), inner))))

    def none(self, satisfies: Callable[[T], Condition]) -> Condition:
        """No element satisfies it; true without elements."""
        return ~self.any(satisfies)

    def count(self, satisfies: Callable[[T], Condition]) -> Integer:
        """How many elements satisfy it."""
        var, kept, inner = self._bind(satisfies)
        return Integer(ir.Count(self._items, var, ir.And((*kept, inner))))

    def one(self, satisfies: Callable[[T], Condition]) -> Condition:
        """Exactly one element satisfies it."""
        return self.count(satisfies) == 1

    def where(self, satisfies: Callable[[T], Condition]) -> List[T]:
        """The elements that satisfy it."""
        fresh_names(satisfies, 1)
        return List(self._items, self._wrap, (*self._filters, satisfies))

    def length(self) -> Integer:
        """How many elements it has."""
        return self.count(lambda element: Condition(ir.TRUE))

    def is_empty(self) -> Condition:
        """It has no elements."""
        return self.none(lambda element: Condition(ir.TRUE))

    def contains(self, option: object) -> Condition:
        """Some element equals the constant."""
        return self.any(lambda element: element == option)  # type: ignore[arg-type, return-value]

    def subset_of(self, options: Sequence[object]) -> Condition:
        """Every element is one of the options."""
        return self.all(lambda element: element.is_in(options))  # type: ignore[attr-defined]

    def __add__(self, other: List[T]) -> List[T]:
        """The elements of both, in order."""
        if not isinstance(other, List) or self._filters or other._filters:
            raise author_error("operator", "only whole lists can be joined", "join first, then filter with `.where`")
        mine, others = self._element(), other._element()
        if mine != others:
            message = f"a list of {mine} cannot be joined with a list of {others}"
            raise author_error("type", message, "ask each list for itself")
        return self._joined(other)

    def _joined(self, other: List[Any]) -> List[T]:
        """The elements of both, in order, whatever type the others have."""
        return List(ir.Concat((*_parts(self._items), *_parts(other._items))), self._wrap)

    def _element(self) -> str:
        """What authors call an element."""
        element = self._wrap(ir.Const(False))
        return element.described if isinstance(element, Traced) else type(element).__name__

    def _bind(self, satisfies: Callable[[T], Condition]) -> tuple[str, tuple[ir.Condition, ...], ir.Condition]:
        (var,) = fresh_names(satisfies, 1)
        element = self._wrap(ir.Var(var))
        kept = tuple(condition_node(each(element)) for each in self._filters)
        return var, kept, condition_node(satisfies(element))


def integers(values: Iterable[int]) -> List[Integer]:
    """A list of integers that the rule itself brings: `integers(range(1, 9)).any(lambda n: (low < n) & (n < high))`.

    A parameter that is a list of them is one too.
    """
    given: object = values
    if isinstance(given, Options) and given.holds is int:
        return List(ir.Elems(given._node), Integer)
    return List(ir.Elems(ir.Const(_whole_numbers(values, "integers"))), Integer)


def percentages(values: Iterable[int]) -> List[IntOrString]:
    """A list of percentages that the rule itself brings: `percentages([100, 200])` are `100%` and `200%`."""
    numbers = _whole_numbers(values, "percentages")
    return List(ir.Elems(ir.Const(tuple(f"{number}%" for number in numbers))), IntOrString)


def _whole_numbers(values: object, function: str) -> tuple[int, ...]:
    remedy = f"write `{function}([1, 2])` or `{function}(range(1, 9))`"
    if isinstance(values, Traced | str) or not isinstance(values, Iterable):
        raise author_error("type", f"a list of numbers is needed here, not {shown(values)}", remedy)
    numbers = tuple(values)
    if wrong := [each for each in numbers if type(each) is not int]:
        raise author_error("type", f"{shown(wrong[0])} is no whole number", remedy)
    return numbers


def _parts(items: ir.Items) -> tuple[ir.Items, ...]:
    return items.parts if isinstance(items, ir.Concat) else (items,)


class Map(Value, Generic[T]):
    """A map from strings, such as labels. Entries with a null value do not count."""

    __slots__ = ("_wrap",)
    described = "map"

    def __init__(self, node: ir.Value, wrap: Wrap[T]) -> None:
        super().__init__(node)
        self._wrap = wrap

    def __getitem__(self, key: str | String) -> T:
        """The value under a key: a constant or a string parameter."""
        return self._wrap(ir.Get(self._node, _key(key)))

    def has(self, key: str | String) -> Condition:
        """There is such a key, with a value that is not null."""
        return Condition(ir.Exists(ir.Get(self._node, _key(key))))

    def any(self, satisfies: Callable[[String, T], Condition]) -> Condition:
        """Some entry satisfies it, given its key and value; false without entries."""
        return self._quantify(ir.AnyEntry, satisfies)

    def all(self, satisfies: Callable[[String, T], Condition]) -> Condition:
        """Every entry satisfies it, given its key and value; true without entries."""
        return self._quantify(ir.AllEntry, satisfies)

    def none(self, satisfies: Callable[[String, T], Condition]) -> Condition:
        """No entry satisfies it."""
        return ~self.any(satisfies)

    def length(self) -> Integer:
        """How many entries it has; absent where it is no map."""
        return Integer(ir.Len(self._node))

    def is_empty(self) -> Condition:
        """It has no entries."""
        return self.none(lambda key, value: Condition(ir.TRUE))

    def _quantify(
        self, node: type[ir.AnyEntry] | type[ir.AllEntry], satisfies: Callable[[String, T], Condition]
    ) -> Condition:
        key, var = fresh_names(satisfies, 2)
        inner = satisfies(String(ir.Var(key)), self._wrap(ir.Var(var)))
        return Condition(node(self._node, key, var, condition_node(inner)))


def _key(key: str | String) -> str | ir.Param:
    if isinstance(key, str):
        return key
    if isinstance(key, String) and isinstance(key._node, ir.Param):
        return key._node
    message = f"a key is a constant string or a string parameter, not {shown(key)}"
    raise author_error("type", message, "to try every key, use `.any(lambda key, value: ...)`")


class Object(Value):
    """An object with fields, checked against the Kubernetes schema. `type_name` is its type in the field index.

    Of an object that may be of several types, `type_names` are these.
    """

    __slots__ = ()
    described = "object"
    type_name: ClassVar[str] = ""
    type_names: ClassVar[tuple[str, ...]] = ()
    kind_: ClassVar[ir.Kind | None] = None

    def is_empty(self) -> Condition:
        """It has no fields with a value: absent, `{}`, or nothing but nulls."""
        key, var = fresh_names(lambda key, value: None, 2)
        return ~Condition(ir.AnyEntry(self._node, key, var, ir.TRUE))

    def __getitem__(self, field: str) -> Any:
        """A field by name, for a name that Python reserves: `rule["from"]`."""
        from cmpolicy.dsl.types import field_of

        return field_of(self, constant_text(field, "the name of a field"))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Value:
            if name.startswith("__"):
                raise AttributeError(name)
            from cmpolicy.dsl.types import field_of

            return field_of(self, name)

        def __setattr__(self, name: str, value: object) -> None:
            if name not in ("_node", "_workload"):
                raise author_error("operator", f"a field cannot be set: `{name}`", "rules only read manifests")
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, node: ir.Value) -> Self:
        """The expression of this type for a value of the IR."""
        return cls(node)
