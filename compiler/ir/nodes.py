"""The nodes of the intermediate representation: a small closed set of frozen dataclasses.

Every node has a defined value on every input; nothing raises and nothing is undefined.
Null is absent: a missing key, an explicit null and a parent that is not a map all read as null.
Conditions are two-valued. There is no truthiness, no implicit conversion and no arithmetic.

Values are JSON values: null, bool, num (an IEEE double), str, list, map.
`int` and `float` are one type, num; `True` is never a num.
The unions `Value`, `Items` and `Condition` at the end are closed: a consumer matches them
exhaustively and ends in `assert_never`, so a new node breaks every pass and language that lacks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy.ir.kind import Kind
from cmpolicy.ir.words import Order, ParameterType, TextTest, ValueType

Scalar: TypeAlias = bool | int | float | str
Constant: TypeAlias = Scalar | tuple[Scalar, ...]

MAX_EXACT_INTEGER = 2**53 - 1
"""The largest magnitude of a numeric constant: up to here int64 and double compare alike everywhere."""


# Values


def _typed(value: Constant) -> object:
    return tuple(map(_typed, value)) if isinstance(value, tuple) else (isinstance(value, bool), value)


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A constant: a bool, num, str, or a list of those. Magnitudes of numbers are below 2^53.

    Equality is type-strict, unlike Python's: `Const(True) != Const(1)`.
    """

    value: Constant

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and _typed(self.value) == _typed(other.value)

    def __hash__(self) -> int:
        return hash(_typed(self.value))


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the rule, carrying its own declaration. Never null: without a given value it is `default`."""

    name: str
    type: ParameterType
    default: Constant
    description: str = ""


@dataclass(frozen=True, slots=True)
class Obj:
    """The manifest, or the object under admission."""


@dataclass(frozen=True, slots=True)
class Old:
    """The object before an update or deletion; null on creation and wherever there is no request."""


@dataclass(frozen=True, slots=True)
class Known:
    """The known objects of a kind, as a list in no order: those of the cluster, or of the manifests that are checked.

    With `namespace`, a value that reads no variable: those in the namespace of this name, a str; none if it is another
    value or "". An object that names no namespace is in `default`. The object under review may be among them, as it is or as it was: a rule that looks for others leaves
    it out by its name.
    """

    kind: Kind
    namespace: Value | None = None


@dataclass(frozen=True, slots=True)
class Var:
    """The element, key or value that an enclosing quantifier binds under this name. Names are unique in a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class PodSpec:
    """The pod spec inside `Obj`, found by its kind; null for a kind that carries none."""


@dataclass(frozen=True, slots=True)
class PodMeta:
    """The pod's metadata inside `Obj`, found by its kind; null for a kind that carries none."""


@dataclass(frozen=True, slots=True)
class Get:
    """The value under `key` of a map; null if `base` is not a map or has no such key. `key` may be a string parameter."""

    base: Value
    key: str | Param


@dataclass(frozen=True, slots=True)
class Default:
    """`value`, or `fallback` if that is null."""

    value: Value
    fallback: Value


@dataclass(frozen=True, slots=True)
class Percent:
    """The number n of a string `n%` of one to four ASCII digits; null for anything else."""

    value: Value


@dataclass(frozen=True, slots=True)
class Scaled:
    """An int-or-percent: `value` if it is an integer; of a str `n%` as in `Percent` n hundredths of `total`, rounded.

    Rounded up if `up`, else down. Null for any other value, and of a percentage if `total` is no integer from 0 to
    2^31-1. An integer is a num as in `IsType`. This is `GetScaledValueFromIntOrPercent` of k8s.io/apimachinery.
    """

    value: Value
    total: Value
    up: bool


@dataclass(frozen=True, slots=True)
class UrlPort:
    """The port of a str that is a URL, a num: the one it names, else 443 for `https` and 80 for `http`. Else null.

    A URL is `^https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?(/.*)?$` here: without user or bare query.
    """

    value: Value


@dataclass(frozen=True, slots=True)
class Seconds:
    """The whole seconds of a str that is a Go duration, a num rounded down. Else null.

    A duration is hours, minutes and seconds here, in this order and at least one: `^(Nh(Nm)?(Ns)?|Nm(Ns)?|Ns)$`, where
    N is `[0-9]{1,6}(\\.[0-9]{1,3})?`. Its value is that of Go's `time.ParseDuration`.
    """

    value: Value


@dataclass(frozen=True, slots=True)
class Len:
    """Code points of a str, non-null elements of a list, non-null entries of a map; null for anything else."""

    value: Value


@dataclass(frozen=True, slots=True)
class Count:
    """How many of `items` satisfy `condition`, in which `Var(var)` is the element. Duplicates count."""

    items: Items
    var: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Flag:
    """The effective value of a command-line flag, as a str; null if it is not given. The last occurrence wins.

    An occurrence is a str element `--name=value`, or the element `--name`. The latter takes its value from the next
    element (null if there is none or it is no str), or is "true" for a `switch`, which takes no value.
    """

    items: Items
    name: str
    switch: bool = False


# Lists that quantifiers run over


@dataclass(frozen=True, slots=True)
class Elems:
    """The non-null elements of a list in order; none if `value` is not a list."""

    value: Value


@dataclass(frozen=True, slots=True)
class Concat:
    """The elements of each part in order."""

    parts: tuple[Items, ...]


# Conditions


@dataclass(frozen=True, slots=True)
class Bool:
    """Always true or always false."""

    value: bool


@dataclass(frozen=True, slots=True)
class And:
    """True if every item is; true without items. The order has no meaning."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True if some item is; false without items. The order has no meaning."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if `item` is false."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Exists:
    """True if `value` is not null."""

    value: Value


@dataclass(frozen=True, slots=True)
class IsType:
    """True if `value` is of this type; null is of none."""

    value: Value
    type: ValueType


@dataclass(frozen=True, slots=True)
class Eq:
    """True if both are bool, both num or both str, and equal; so false if either is null, a list or a map."""

    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class In:
    """True if `Eq(value, option)` for some element of `options`, a constant or parameter that is a list."""

    value: Value
    options: Const | Param


@dataclass(frozen=True, slots=True)
class Compare:
    """Numeric order; false unless both sides are num. The four orders are not each other's negations."""

    order: Order
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class CompareQuantity:
    """Order of Kubernetes quantities (`500m`, `1Gi`, a num); false unless both sides are quantities.

    A str is one if it matches `^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$`,
    the grammar of k8s.io/apimachinery's resource package with its exponents bounded. Values are as there: rounded away
    from zero to nano, and of magnitude at most 2^63-1 unless short (`evaluate/quantity.py`).
    """

    order: Order
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Text:
    """A string test; false unless `value` is a str. `text` is a constant or parameter that is a str."""

    test: TextTest
    value: Value
    text: Const | Param


@dataclass(frozen=True, slots=True)
class Matches:
    """True if `value` is a str in which `pattern`, of the safe subset (`cmpolicy.regex`), is found anywhere."""

    value: Value
    pattern: str


@dataclass(frozen=True, slots=True)
class Any:
    """True if some element satisfies `condition`, in which `Var(var)` is the element; false over nothing."""

    items: Items
    var: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """True if every element satisfies `condition`, in which `Var(var)` is the element; true over nothing."""

    items: Items
    var: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class AnyEntry:
    """True if some entry of a map with a non-null value satisfies `condition`; false if `value` is not a map.

    `Var(key)` is the entry's key and `Var(var)` its value.
    """

    value: Value
    key: str
    var: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class AllEntry:
    """True if every entry of a map with a non-null value satisfies `condition`; true if `value` is not a map."""

    value: Value
    key: str
    var: str
    condition: Condition


Value: TypeAlias = (
    Const
    | Param
    | Obj
    | Old
    | Known
    | Var
    | PodSpec
    | PodMeta
    | Get
    | Default
    | Percent
    | Scaled
    | UrlPort
    | Seconds
    | Len
    | Count
    | Flag
)
Items: TypeAlias = Elems | Concat
Condition: TypeAlias = (
    Bool
    | And
    | Or
    | Not
    | Exists
    | IsType
    | Eq
    | In
    | Compare
    | CompareQuantity
    | Text
    | Matches
    | Any
    | All
    | AnyEntry
    | AllEntry
)
Node: TypeAlias = Value | Items | Condition

TRUE = Bool(True)
FALSE = Bool(False)
