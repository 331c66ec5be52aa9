"""Formulas as SMT-LIB, for a solver that proves what our own prover does not: an optional extra, `cmpolicy[smt]`.

Every object makes the text true whose formula it satisfies, so a formula whose text is unsatisfiable no object satisfies.
The reverse does not hold: patterns, quantities and lengths are left free, and each value is by itself, so two ways to one
value may differ. A list has the elements that are asked of it and no other; each denial is said of each of them.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Protocol, TypeAlias

from cmpolicy import ir
from cmpolicy.diff.domains import domain, is_natural, needed_below
from cmpolicy.diff.formula import Both, Formula, Pool, Some, Test, Truth, element, key
from cmpolicy.diff.regions import ANY, Sort
from cmpolicy.passes.tree import map_value, same_condition, walk

MOST_INSTANCES = 300
"""Denials that are said of an element, before the rest is left out."""
EFFORT = 1_000_000
"""The solver's own steps for a proof, so that it says the same on every machine: less than a second."""

Env: TypeAlias = Mapping[str, str]
Term: TypeAlias = tuple[ir.Value, tuple[tuple[str, str], ...]]
"""A value whose variables are elements, and those elements where it hides variables, as a count does."""

_HEAD = """(declare-datatypes ((V 0)) (((vnull) (vbool (b Bool)) (vnum (n Real)) (vstr (s String)) (vlist) (vmap))))
(define-fun whole ((v V)) Bool (and ((_ is vnum) v) (is_int (n v)) (<= (- 9007199254740992.0) (n v) 9007199254740992.0)))
(define-fun scalar ((v V)) Bool (or ((_ is vbool) v) ((_ is vnum) v) ((_ is vstr) v)))
"""
_SORTS: Mapping[Sort, str] = {
    Sort.NULL: "((_ is vnull) {0})",
    Sort.BOOLEAN: "((_ is vbool) {0})",
    Sort.WHOLE: "(whole {0})",
    Sort.BROKEN: "(and ((_ is vnum) {0}) (not (is_int (n {0}))))",
    Sort.HUGE: "(and ((_ is vnum) {0}) (is_int (n {0})) (not (whole {0})))",
    Sort.TEXT: "((_ is vstr) {0})",
    Sort.LIST: "((_ is vlist) {0})",
    Sort.MAP: "((_ is vmap) {0})",
}
_TYPES: Mapping[ir.ValueType, str] = {
    ir.ValueType.BOOLEAN: _SORTS[Sort.BOOLEAN],
    ir.ValueType.NUMBER: "((_ is vnum) {0})",
    ir.ValueType.INTEGER: _SORTS[Sort.WHOLE],
    ir.ValueType.STRING: _SORTS[Sort.TEXT],
    ir.ValueType.LIST: _SORTS[Sort.LIST],
    ir.ValueType.MAP: _SORTS[Sort.MAP],
}
_TEXTS: Mapping[ir.TextTest, str] = {
    ir.TextTest.STARTS_WITH: "(str.prefixof {1} (s {0}))",
    ir.TextTest.ENDS_WITH: "(str.suffixof {1} (s {0}))",
    ir.TextTest.CONTAINS: "(str.contains (s {0}) {1})",
}


@dataclass(frozen=True, slots=True)
class _Denial:
    """`name` says that no element of the list satisfies the formula."""

    name: str
    inner: Formula
    depth: int
    env: Env


@dataclass(slots=True)
class Encoding:
    """The text of a formula, while it is made. `is_exact` as long as nothing was left free or out."""

    pool: Pool
    is_exact: bool = True
    _lines: list[str] = field(default_factory=list)
    _values: dict[Term, str] = field(default_factory=dict)
    _free: dict[tuple[ir.Condition, Term], str] = field(default_factory=dict)
    _elements: dict[tuple[str, bool], list[tuple[str, str]]] = field(default_factory=dict)
    _denials: dict[tuple[str, bool], list[_Denial]] = field(default_factory=dict)
    _count: int = 0

    def text(self, formula: Formula) -> str:
        """The whole text, that the solver is to find unsatisfiable."""
        self._assert(self._formula(formula, True, {}))
        self._say_denials()
        return _HEAD + "\n".join(self._lines)

    def _say_denials(self) -> None:
        said: set[tuple[str, str]] = set()
        while open_ := [pair for pair in self._open() if (pair[1].name, pair[2][0]) not in said]:
            for (_, entries), denial, (mark, each) in open_:
                if len(said) >= MOST_INSTANCES:
                    self.is_exact = False
                    return
                said.add((denial.name, mark))
                inside = self._inside(denial.env, denial.depth, each, entries)
                self._assert(f"(=> (and {denial.name} {mark}) {self._formula(denial.inner, False, inside)})")

    def _open(self) -> Iterator[tuple[tuple[str, bool], _Denial, tuple[str, str]]]:
        for held, denials in self._denials.items():
            for denial in denials:
                yield from ((held, denial, each) for each in self._elements.get(held, ()))

    def _formula(self, formula: Formula, wanted: bool, env: Env) -> str:
        wanted = wanted is (formula > 0)
        match self.pool.shape(formula):
            case Truth():
                return "true" if wanted else "false"
            case Both(parts):
                said = " ".join(self._formula(part, wanted, env) for part in parts)
                return f"({'and' if wanted else 'or'} {said})"
            case Test(condition):
                said = self._test(condition, env)
                return said if wanted else f"(not {said})"
            case Some(value, entries, depth, inner):
                held = self._value(value, env), entries
                return (self._some if wanted else self._none)(held, inner, depth, env)

    def _some(self, held: tuple[str, bool], inner: Formula, depth: int, env: Env) -> str:
        mark, each = self._new("Bool"), f"x{self._count}"
        self._elements.setdefault(held, []).append((mark, each))
        inside = self._inside(env, depth, each, held[1])
        self._assert(f"(=> {mark} {_SORTS[Sort.MAP if held[1] else Sort.LIST].format(held[0])})")
        return f"(and {mark} {self._formula(inner, True, inside)})"

    def _none(self, held: tuple[str, bool], inner: Formula, depth: int, env: Env) -> str:
        name = self._new("Bool")
        self._denials.setdefault(held, []).append(_Denial(name, inner, depth, dict(env)))
        return name

    def _inside(self, env: Env, depth: int, each: str, entries: bool) -> Env:
        bound = {element(depth): f"{element(depth)[:1]}{each}"}
        return {**env, **bound, **({key(depth): f"{key(depth)[:1]}{each}"} if entries else {})}

    def _test(self, test: ir.Condition, env: Env) -> str:
        match test:
            case ir.Exists(value):
                return f"(not ((_ is vnull) {self._value(value, env)}))"
            case ir.IsType(value, type_):
                return _TYPES[type_].format(self._value(value, env))
            case ir.Eq(left, right):
                one, other = self._value(left, env), self._value(right, env)
                return f"(and (scalar {one}) (= {one} {other}))"
            case ir.In(value, ir.Const(tuple(options))):
                one = self._value(value, env)
                return f"(or false {' '.join(f'(= {one} {_literal(option)})' for option in options)})"
            case ir.Compare(order, left, right):
                one, other = self._value(left, env), self._value(right, env)
                return f"(and ((_ is vnum) {one}) ((_ is vnum) {other}) ({order} (n {one}) (n {other})))"
            case ir.Text(how, value, ir.Const(str(text))):
                one = self._value(value, env)
                return f"(and ((_ is vstr) {one}) {_TEXTS[how].format(one, _quoted(text))})"
            case ir.In(value, _) | ir.Text(_, value, _) | ir.Matches(value, _) | ir.CompareQuantity(_, value, _):
                return self._left_free(test, value, env)
            case _:
                raise AssertionError(f"{test} is no test")

    def _left_free(self, test: ir.Condition, value: ir.Value, env: Env) -> str:
        """A truth of its own for the test, the same one for the same test of the same elements."""
        self.is_exact = False
        asked = test, (value, tuple(sorted(env.items())))
        if asked not in self._free:
            self._free[asked] = self._new("Bool")
            self._assert(f"(=> {self._free[asked]} (scalar {self._value(value, env)}))")
        return self._free[asked]

    def _value(self, value: ir.Value, env: Env) -> str:
        if isinstance(value, ir.Const) and not isinstance(value.value, tuple):
            return _literal(value.value)
        named = map_value(value, lambda each: _bound(each, env), same_condition)
        hides = any(isinstance(node, ir.Count) for node in walk(value))
        term = named, tuple(sorted(env.items())) if hides else ()
        if term not in self._values:
            self._values[term] = name = self._new("V")
            self._say_what_it_is(named, name)
        return self._values[term]

    def _say_what_it_is(self, value: ir.Value, name: str) -> None:
        sorts = frozenset({Sort.LIST}) if isinstance(value, ir.Const) else domain(value)
        if sorts != ANY:
            self._assert(f"(or {' '.join(_SORTS[sort].format(name) for sort in sorted(sorts))})")
        if is_natural(value):
            self._assert(f"(=> ((_ is vnum) {name}) (>= (n {name}) 0.0))")
        if (below := needed_below(value)) is not None:
            inner, needed = below
            of_inner = self._value(inner, {})
            asked = " ".join(_SORTS[sort].format(of_inner) for sort in sorted(needed))
            self._assert(f"(=> (not ((_ is vnull) {name})) (or {asked}))")
        self.is_exact &= isinstance(value, ir.Get | ir.Var | ir.Obj | ir.Old)

    def _new(self, sort: str) -> str:
        self._count += 1
        self._lines.append(f"(declare-const x{self._count} {sort})")
        return f"x{self._count}"

    def _assert(self, said: str) -> None:
        self._lines.append(f"(assert {said})")


def _bound(value: ir.Value, env: Env) -> ir.Value:
    return ir.Var(env.get(value.name, value.name)) if isinstance(value, ir.Var) else value


def _literal(constant: ir.Scalar) -> str:
    match constant:
        case bool():
            return f"(vbool {str(constant).lower()})"
        case str():
            return f"(vstr {_quoted(constant)})"
        case _:
            exact = Fraction(constant)
            size = f"(/ {abs(exact.numerator)}.0 {exact.denominator}.0)"
            return f"(vnum (- {size}))" if exact < 0 else f"(vnum {size})"


def _quoted(text: str) -> str:
    """A text of SMT-LIB; what is not printable ASCII, and the backslash, by its number."""
    plain = (each if " " <= each <= "~" and each not in '"\\' else f"\\u{{{ord(each):x}}}" for each in text)
    return f'"{"".join(plain)}"'


class _Solver(Protocol):
    def set(self, name: str, value: int) -> None: ...
    def from_string(self, text: str) -> None: ...
    def check(self) -> object: ...


@cache
def is_there() -> bool:
    """Whether the solver is installed."""
    return importlib.util.find_spec("z3") is not None


def answer(text: str) -> str:
    """What the solver says of a text: `sat`, `unsat`, or `unknown` where its effort ended."""
    solver: _Solver = importlib.import_module("z3").SimpleSolver()
    solver.set("rlimit", EFFORT)
    solver.from_string(text)
    return str(solver.check())


def refuted(pool: Pool, formula: Formula) -> bool:
    """Whether the solver, if it is installed, proves that no object satisfies the formula."""
    return is_there() and answer(Encoding(pool).text(formula)) == "unsat"
