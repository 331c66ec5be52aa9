"""The IR compiled to Python closures: the fast form of the reference.

A closure takes a frame, a list whose first cells are the object, the old object and the inventory of known objects
(`evaluate/known.py`); each variable has its own cell further on, so that nothing is looked up by name while objects are
judged. Lists of the object have a cell too, which is None until one of the closures compiled with the same slots has
read the list: a frame is for one object.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.evaluate.known import known, known_everywhere
from cmpolicy.evaluate.quantity import quantity
from cmpolicy.evaluate.values import (
    double,
    elems,
    entries,
    equal,
    flag,
    get,
    is_number,
    is_type,
    length,
    percent,
    scaled,
    seconds,
    text_test,
    url_port,
)
from cmpolicy.regex import compile_pattern
from cmpolicy.values import Json

Frame: TypeAlias = list[Json]
OfValue: TypeAlias = Callable[[Frame], Json]
OfItems: TypeAlias = Callable[[Frame], list[Json]]
OfCondition: TypeAlias = Callable[[Frame], bool]
Slots: TypeAlias = dict[str | ir.Items, int]
"""The cell of each variable, and of each list of the object."""

OBJECT, OLD, KNOWN, FIRST_VARIABLE = 0, 1, 2, 3

_ORDERS: dict[ir.Order, Callable[[float, float], bool]] = {
    ir.Order.LESS: operator.lt,
    ir.Order.AT_MOST: operator.le,
    ir.Order.GREATER: operator.gt,
    ir.Order.AT_LEAST: operator.ge,
}


def value_closure(value: ir.Value, slots: Slots) -> OfValue:
    """The closure of a value; `slots` gives the cell of each variable, and gains those bound below."""
    match value:
        case ir.Const(constant):
            held: Json = list(constant) if isinstance(constant, tuple) else constant
            return lambda _: held
        case ir.Param():
            return value_closure(ir.Const(value.default), slots)
        case ir.Obj():
            return operator.itemgetter(OBJECT)
        case ir.Old():
            return operator.itemgetter(OLD)
        case ir.Known(kind, namespace):
            return _known(kind, None if namespace is None else value_closure(namespace, slots))
        case ir.Var(name):
            return operator.itemgetter(slots[name])
        case ir.PodSpec() | ir.PodMeta():
            raise AssertionError("workloads are expanded before a rule is compiled to closures")
        case ir.Get():
            return _path(value, slots)
        case ir.Default(inner, fallback):
            return _default(value_closure(inner, slots), value_closure(fallback, slots))
        case ir.Percent(inner):
            of_inner = value_closure(inner, slots)
            return lambda frame: percent(of_inner(frame))
        case ir.Scaled(inner, total, up):
            of_inner, of_total = value_closure(inner, slots), value_closure(total, slots)
            return lambda frame: scaled(of_inner(frame), of_total(frame), up)
        case ir.UrlPort(inner):
            of_inner = value_closure(inner, slots)
            return lambda frame: url_port(of_inner(frame))
        case ir.Seconds(inner):
            of_inner = value_closure(inner, slots)
            return lambda frame: seconds(of_inner(frame))
        case ir.Len(inner):
            of_inner = value_closure(inner, slots)
            return lambda frame: length(of_inner(frame))
        case ir.Count(items, var, condition):
            return _count(items_closure(items, slots), _slot(var, slots), condition_closure(condition, slots))
        case ir.Flag(items, name, switch):
            of_items = items_closure(items, slots)
            return lambda frame: flag(of_items(frame), name, switch)
        case _:
            assert_never(value)


def _known(kind: ir.Kind, of_namespace: OfValue | None) -> OfValue:
    if of_namespace is None:
        return lambda frame: known_everywhere(frame[KNOWN], kind)
    return lambda frame: known(frame[KNOWN], kind, of_namespace(frame))


def _constant_key(key: str | ir.Param) -> str:
    found = key if isinstance(key, str) else key.default
    assert isinstance(found, str), f"{key} is a key, so it must be a string"
    return found


def _slot(held: str | ir.Items, slots: Slots) -> int:
    return slots.setdefault(held, FIRST_VARIABLE + len(slots))


def _path(value: ir.Value, slots: Slots) -> OfValue:
    """The closure of keys one after the other, which is most of what rules read."""
    keys: tuple[str, ...] = ()
    while isinstance(value, ir.Get):
        keys = (_constant_key(value.key), *keys)
        value = value.base
    cell = _cell(value, slots)
    return _gets(value_closure(value, slots), keys) if cell is None else _gets_in_cell(cell, keys)


def _cell(value: ir.Value, slots: Slots) -> int | None:
    match value:
        case ir.Obj():
            return OBJECT
        case ir.Old():
            return OLD
        case ir.Var(name):
            return slots[name]
        case _:
            return None


def _gets_in_cell(cell: int, keys: tuple[str, ...]) -> OfValue:
    def read(frame: Frame) -> Json:
        value = frame[cell]
        for key in keys:
            if not isinstance(value, dict) and not isinstance(value, Mapping):
                return None
            value = value.get(key)
            if value is None:
                return None
        return value

    return read


def _gets(of_base: OfValue, keys: tuple[str, ...]) -> OfValue:
    def read(frame: Frame) -> Json:
        value = of_base(frame)
        for key in keys:
            value = get(value, key)
        return value

    return read


def _default(of_value: OfValue, of_fallback: OfValue) -> OfValue:
    def read(frame: Frame) -> Json:
        value = of_value(frame)
        return of_fallback(frame) if value is None else value

    return read


def _count(of_items: OfItems, slot: int, of_condition: OfCondition) -> OfValue:
    def count(frame: Frame) -> Json:
        total = 0
        for element in of_items(frame):
            frame[slot] = element
            total += of_condition(frame)
        return total

    return count


def items_closure(items: ir.Items, slots: Slots) -> OfItems:
    """The closure of a list expression."""
    match items:
        case ir.Elems(value):
            of_value = value_closure(value, slots)
            of_items: OfItems = lambda frame: elems(of_value(frame))  # noqa: E731
        case ir.Concat(parts):
            of_parts = [items_closure(part, slots) for part in parts]
            of_items = lambda frame: [element for of_part in of_parts for element in of_part(frame)]  # noqa: E731
        case _:
            assert_never(items)
    return _read_once(of_items, _slot(items, slots)) if _is_of_object(items) else of_items


def _is_of_object(items: ir.Items) -> bool:
    """Whether the list is a field of the object, or such lists one after the other."""
    if isinstance(items, ir.Concat):
        return all(map(_is_of_object, items.parts))
    value = items.value
    while isinstance(value, ir.Get):
        value = value.base
    return isinstance(value, ir.Obj)


def _read_once(of_items: OfItems, cell: int) -> OfItems:
    def read(frame: Frame) -> list[Json]:
        found = frame[cell]
        if not isinstance(found, list):
            found = frame[cell] = of_items(frame)
        return found

    return read


def condition_closure(condition: ir.Condition, slots: Slots) -> OfCondition:
    """The closure of a condition."""
    match condition:
        case ir.Bool(constant):
            return lambda _: constant
        case ir.And(items):
            return _and([condition_closure(item, slots) for item in items])
        case ir.Or(items):
            return _or([condition_closure(item, slots) for item in items])
        case ir.Not(inner):
            of_inner = condition_closure(inner, slots)
            return lambda frame: not of_inner(frame)
        case ir.Exists(value):
            of_value = value_closure(value, slots)
            return lambda frame: of_value(frame) is not None
        case ir.IsType(value, type_):
            of_value = value_closure(value, slots)
            return lambda frame: is_type(of_value(frame), type_)
        case ir.Eq(left, right):
            of_left, of_right = value_closure(left, slots), value_closure(right, slots)
            return lambda frame: equal(of_left(frame), of_right(frame))
        case ir.In(value, options):
            return _in(value_closure(value, slots), value_closure(options, slots))
        case ir.Compare(order, left, right):
            return _compare(_ORDERS[order], value_closure(left, slots), value_closure(right, slots))
        case ir.CompareQuantity(order, left, right):
            return _compare_quantity(_ORDERS[order], value_closure(left, slots), value_closure(right, slots))
        case ir.Text(test, value, text):
            return _text(text_test(test), value_closure(value, slots), value_closure(text, slots))
        case ir.Matches(value, pattern):
            return _matches(value_closure(value, slots), pattern)
        case ir.Any(items, var, inner):
            return _any(items_closure(items, slots), _slot(var, slots), condition_closure(inner, slots))
        case ir.All(items, var, inner):
            return _all(items_closure(items, slots), _slot(var, slots), condition_closure(inner, slots))
        case ir.AnyEntry(value, key, var, inner):
            of_value, cells = value_closure(value, slots), (_slot(key, slots), _slot(var, slots))
            return _any_entry(of_value, *cells, condition_closure(inner, slots))
        case ir.AllEntry(value, key, var, inner):
            of_value, cells = value_closure(value, slots), (_slot(key, slots), _slot(var, slots))
            return _all_entry(of_value, *cells, condition_closure(inner, slots))
        case _:
            assert_never(condition)


def _and(conditions: list[OfCondition]) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for condition in conditions:  # noqa: SIM110  # a generator costs more than most conditions
            if not condition(frame):
                return False
        return True

    return holds


def _or(conditions: list[OfCondition]) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for condition in conditions:  # noqa: SIM110
            if condition(frame):
                return True
        return False

    return holds


def _in(of_value: OfValue, of_options: OfValue) -> OfCondition:
    def holds(frame: Frame) -> bool:
        value = of_value(frame)
        return any(equal(value, option) for option in elems(of_options(frame)))

    return holds


def _compare(order: Callable[[float, float], bool], of_left: OfValue, of_right: OfValue) -> OfCondition:
    def holds(frame: Frame) -> bool:
        left, right = of_left(frame), of_right(frame)
        return is_number(left) and is_number(right) and order(double(left), double(right))

    return holds


def _compare_quantity(order: Callable[..., bool], of_left: OfValue, of_right: OfValue) -> OfCondition:
    def holds(frame: Frame) -> bool:
        left, right = quantity(of_left(frame)), quantity(of_right(frame))
        return left is not None and right is not None and order(left, right)

    return holds


def _text(test: Callable[[str, str], bool], of_value: OfValue, of_text: OfValue) -> OfCondition:
    def holds(frame: Frame) -> bool:
        value, text = of_value(frame), of_text(frame)
        return isinstance(value, str) and isinstance(text, str) and test(value, text)

    return holds


def _matches(of_value: OfValue, pattern: str) -> OfCondition:
    search = compile_pattern(pattern).search

    def holds(frame: Frame) -> bool:
        value = of_value(frame)
        return isinstance(value, str) and search(value)

    return holds


def _any(of_items: OfItems, slot: int, of_condition: OfCondition) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for element in of_items(frame):
            frame[slot] = element
            if of_condition(frame):
                return True
        return False

    return holds


def _all(of_items: OfItems, slot: int, of_condition: OfCondition) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for element in of_items(frame):
            frame[slot] = element
            if not of_condition(frame):
                return False
        return True

    return holds


def _any_entry(of_value: OfValue, key: int, var: int, of_condition: OfCondition) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for entry in entries(of_value(frame)):
            frame[key], frame[var] = entry
            if of_condition(frame):
                return True
        return False

    return holds


def _all_entry(of_value: OfValue, key: int, var: int, of_condition: OfCondition) -> OfCondition:
    def holds(frame: Frame) -> bool:
        for entry in entries(of_value(frame)):
            frame[key], frame[var] = entry
            if not of_condition(frame):
                return False
        return True

    return holds
