"""JSON Schema: a condition as a schema that accepts exactly the objects of which it is true.

A schema keyword passes over what it does not apply to, so a condition that must hold says type and `required` at each
step (`at`), and one that must not hold passes over what is absent (`unless_absent`). Null is absent: no element, no
entry, no value. Patterns are RE2, searched for anywhere, with `$` at the end of the text only. Each element of a list
is checked below one `anyOf`, so that tools count one finding for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import comb
from typing import NoReturn, TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.lang.schema_quantities import DEFINITIONS, QuantityKeywords, quantities_that
from cmpolicy.lang.schema_scopes import separate_scopes
from cmpolicy.lang.schema_tests import (
    NotSayable,
    Range,
    Test,
    elements_between,
    names_of,
    numbers_that,
    outside,
    percents_that,
    scalars_that,
    sizes_that,
    strings_that,
    turned,
)
from cmpolicy.lang.schema_text import (
    ANYTHING,
    NOT_NULL,
    NOTHING,
    NULL,
    Schema,
    accepts_null,
    all_of,
    any_of,
    at,
    negated,
    unless_absent,
)
from cmpolicy.lang.scopes import free
from cmpolicy.passes.normalize import to_nnf
from cmpolicy.passes.tree import lists_of
from cmpolicy.regex import compile_pattern

__all__ = ["DEFINITIONS", "Elements", "NotExpressible", "QuantityKeywords", "Schema", "print_schema", "print_separated"]

MAX_CASES = 64
"""Into how many cases one condition may be split before it is given up as not expressible."""

Clause: TypeAlias = tuple[ir.Condition, ...]
"""Conditions of which one must hold, none of them an `And` or `Or`."""


@dataclass(frozen=True, slots=True)
class NotExpressible:
    """Why JSON Schema cannot say a condition: `reason` says what the condition does, such as `compares two fields`."""

    reason: str


def print_schema(condition: ir.Condition, quantities: QuantityKeywords | None = None) -> Schema | NotExpressible:
    """The schema of a condition without parameters, of one kind (`expand_workloads`); or why there is none.

    It may refer to `DEFINITIONS`, which the root of its document then holds under `definitions`.
    """
    return print_separated(separate_scopes(condition), quantities)


Elements: TypeAlias = dict[tuple[int, str], tuple[ir.Condition, Schema]]
"""The schemas of elements of lists, by the condition's identity and their variable: the same wherever the lists are."""


def print_separated(
    condition: ir.Condition,
    quantities: QuantityKeywords | None = None,
    pod: tuple[str, ...] = (),
    elements: Elements | None = None,
) -> Schema | NotExpressible:
    """The same of a condition whose scopes are separated already, where the pod is at this path of the object.

    `elements` is what was found of it for other paths and the same `quantities`.
    """
    try:
        return _Printer(quantities, pod, {} if elements is None else elements).condition(condition, ir.Obj())
    except NotSayable as reason:
        return NotExpressible(str(reason))


@dataclass(frozen=True, slots=True)
class _Counter:
    """A list that is counted in: the keys that lead to it, and the schema of the elements that count."""

    keys: tuple[str, ...]
    element: Schema

    def between(self, low: int, high: int | None) -> Schema:
        keywords = elements_between(self.element, low, high)
        return at(self.keys, {"type": "array", **keywords}) if low else unless_absent(self.keys, keywords)


@dataclass(frozen=True, slots=True)
class _Printer:
    quantities: QuantityKeywords | None
    pod: tuple[str, ...]
    elements: Elements

    def condition(self, condition: ir.Condition, scope: ir.Value) -> Schema:
        """The schema, at the place of `scope`, of a condition in negation normal form that reads nothing else."""
        match condition:
            case ir.Bool(value):
                return ANYTHING if value else NOTHING
            case ir.And(items):
                return all_of(self.condition(item, scope) for item in items)
            case ir.Or(items):
                return any_of(self.condition(item, scope) for item in items)
            case ir.Any(ir.Elems(value), var, body):
                return at(self.path(value, scope), {"type": "array", "contains": self.element(body, var)})
            case ir.All(ir.Elems(value), var, body):
                element = self.of_element(body, var)
                return unless_absent(self.path(value, scope), {"items": any_of([NULL, element])})
            case ir.AnyEntry(value, key, var, body):
                others = self.entries(ir.Not(body), key, var)
                return at(self.path(value, scope), {"type": "object", "not": others})
            case ir.AllEntry(value, key, var, body):
                return unless_absent(self.path(value, scope), self.entries(body, key, var))
            case ir.Any() | ir.All():
                raise AssertionError(f"{condition} is over more than one list")
            case ir.Not(inner):
                return self.test(_test(inner), scope, positive=False)
            case _:
                return self.test(condition, scope, positive=True)

    def element(self, body: ir.Condition, var: str) -> Schema:
        """The elements that are not null and satisfy the body."""
        schema = self.of_element(body, var)
        return all_of([NOT_NULL, schema]) if accepts_null(schema) else schema

    def of_element(self, body: ir.Condition, var: str) -> Schema:
        found = self.elements.get((id(body), var))
        if found is None:
            found = self.elements[id(body), var] = (body, self.condition(body, ir.Var(var)))
        return found[1]

    def test(self, test: Test, scope: ir.Value, positive: bool) -> Schema:
        value, test = turned(test)
        if isinstance(value, ir.Count):
            numbers = numbers_that(test)
            return self.count(value, numbers if positive else outside(numbers), scope)
        read, schema = self.place(value, test)
        keys = self.path(read, scope)
        return at(keys, schema) if positive else unless_absent(keys, negated(schema))

    def place(self, value: ir.Value, test: Test) -> tuple[ir.Value, Schema]:
        """The place that a test is made at, and what passes there."""
        match value, test:
            case ir.Percent(inner), _:
                return inner, percents_that(test)
            case ir.Len(inner), _:
                return inner, sizes_that(test)
            case _, ir.CompareQuantity(order, _, ir.Const(bound)):
                return value, quantities_that(order, bound, self.quantities)
            case _:
                return value, scalars_that(test)

    def count(self, count: ir.Count, ranges: Sequence[Range], scope: ir.Value) -> Schema:
        element = self.element(to_nnf(count.condition), count.var)
        counters = [_Counter(self.path(value, scope), element) for value in lists_of(count.items)]
        return any_of(_between(counters, low, high) for low, high in ranges)

    def entries(self, body: ir.Condition, key: str, var: str) -> Schema:
        """The maps in which every entry with a value satisfies the body, and everything that is no map."""
        return all_of(self.clause(clause, key, var) for clause in _clauses(to_nnf(body)))

    def clause(self, clause: Clause, key: str, var: str) -> Schema:
        """`k does not match p | k matches q | v holds`: what entries with keys like p but not like q hold."""
        of_key = [part for part in clause if free(part) == {ir.Var(key)}]
        values = any_of([NULL, *(self.condition(part, ir.Var(var)) for part in clause if part not in of_key)])
        wanted = [_key_test(part.item, key) for part in of_key if isinstance(part, ir.Not)]
        exempt = [strings_that(_key_test(part, key)) for part in of_key if not isinstance(part, ir.Not)]
        return _entries_like(wanted, [pattern for pattern in exempt if pattern is not None], values)

    def path(self, value: ir.Value, scope: ir.Value) -> tuple[str, ...]:
        """The keys that lead from the place of the scope to a value."""
        keys: list[str] = []
        while isinstance(value, ir.Get) and isinstance(value.key, str):
            keys.append(value.key)
            value = value.base
        return (*self.root(value, scope), *reversed(keys))

    def root(self, value: ir.Value, scope: ir.Value) -> tuple[str, ...]:
        """The keys that lead to a value that is no field of another."""
        match value:
            case ir.Obj() | ir.Var():
                return () if value == scope else _outside()
            case ir.PodSpec():
                return (*self.pod, "spec") if scope == ir.Obj() else _outside()
            case ir.PodMeta():
                return (*self.pod, "metadata") if scope == ir.Obj() else _outside()
            case _:
                raise NotSayable(_reason(value))


def _test(condition: ir.Condition) -> Test:
    assert isinstance(condition, Test), f"{condition} is no test, so it is not in negation normal form"
    return condition


def _outside() -> NoReturn:
    raise NotSayable("relates an element to something outside it")


def _reason(
    value: ir.Const
    | ir.Param
    | ir.Old
    | ir.Known
    | ir.Get
    | ir.Default
    | ir.Percent
    | ir.Scaled
    | ir.UrlPort
    | ir.Seconds
    | ir.Len
    | ir.Count
    | ir.Flag,
) -> str:
    """Why no schema stands at this value."""
    match value:
        case ir.Old():
            return "reads the object before the request"
        case ir.Known():
            return "reads other objects"
        case ir.Scaled() | ir.UrlPort() | ir.Seconds():
            return "computes a number"
        case ir.Flag():
            return "reads a command-line flag"
        case ir.Const() | ir.Percent() | ir.Len() | ir.Count():
            return "reads a constant or a number like a field"
        case ir.Get() | ir.Param() | ir.Default():
            raise AssertionError(f"{value} is left from a pass that must run before")
        case _:
            assert_never(value)


def _between(counters: Sequence[_Counter], low: int, high: int | None) -> Schema:
    """What holds so many elements in all of its lists together."""
    if len(counters) == 1:
        return counters[0].between(low, high)
    at_least = any_of(
        all_of(counter.between(share, None) for counter, share in zip(counters, shares, strict=True))
        for shares in _shares(low, len(counters))
    )
    if high is None:
        return at_least
    return all_of([at_least, *(_not_all(counters, shares) for shares in _shares(high + 1, len(counters)))])


def _not_all(counters: Sequence[_Counter], shares: Sequence[int]) -> Schema:
    return any_of(counter.between(0, share - 1) for counter, share in zip(counters, shares, strict=True) if share)


def _shares(total: int, parts: int) -> list[tuple[int, ...]]:
    """Every way to write a number as a sum of so many: `(1, 2)` -> `(0, 1)`, `(1, 0)`."""
    if parts == 0:
        return [] if total else [()]
    if comb(total + parts - 1, parts - 1) > MAX_CASES:
        raise NotSayable("counts too many elements over more than one list")
    return [(first, *rest) for first in range(total + 1) for rest in _shares(total - first, parts - 1)]


def _clauses(condition: ir.Condition) -> list[Clause]:
    """Conjunctive normal form: `a | b & c  ->  (a, b), (a, c)`"""
    match condition:
        case ir.And(items):
            return [clause for item in items for clause in _clauses(item)]
        case ir.Or(items):
            joined = [sum(choice, ()) for choice in product(*map(_clauses, items))]
            if len(joined) > MAX_CASES:
                raise NotSayable("asks too much at once of the entries of a map")
            return joined
        case _:
            return [(condition,)]


def _key_test(condition: ir.Condition, key: str) -> Test:
    if not isinstance(condition, Test):
        raise NotSayable("reads the key of a map as a list or map")
    value, test = turned(condition)
    if value != ir.Var(key):
        raise NotSayable("measures the key of a map")
    return test


def _entries_like(wanted: Sequence[Test], exempt: Sequence[str], values: Schema) -> Schema:
    """The maps whose entries hold such values, where the key passes every wanted test and matches no exempt pattern."""
    patterns = [strings_that(test) for test in wanted]
    if values == ANYTHING or None in patterns or "" in exempt:
        return ANYTHING
    needed = [pattern for pattern in patterns if pattern]
    for test in wanted:
        if isinstance(test, ir.Eq | ir.In):
            names = [name for name in names_of(test) if _matches_all(name, needed) and not _matches_any(name, exempt)]
            return {"properties": dict.fromkeys(names, values)} if names else ANYTHING
    if not needed:
        others: Schema = {"patternProperties": dict.fromkeys(exempt, ANYTHING)} if exempt else {}
        return {**others, "additionalProperties": values}
    if len(needed) > 1 or exempt:
        raise NotSayable("tests the keys of a map in more than one way")
    return {"patternProperties": {needed[0]: values}}


def _matches_all(name: str, patterns: Sequence[str]) -> bool:
    return all(compile_pattern(pattern).search(name) for pattern in patterns)


def _matches_any(name: str, patterns: Sequence[str]) -> bool:
    return any(compile_pattern(pattern).search(name) for pattern in patterns)
