"""A part of an expression does not ask again for what is known where it is evaluated, and asks for all that is not."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.lang import cel_syntax as cel
from cmpolicy.lang.cel_facts import Facts
from cmpolicy.lang.cel_syntax import FALSE, TRUE, Cel

from tests.lang.test_cel import EVERY, element, flat, program
from tests.sample_rules import eq, obj, var

A, B, C, D = (Cel(name) for name in "abcd")
BOTH = cel.conjunction((A, B))


def same(part: Cel) -> Cel:
    return part


def test_a_conjunction_knows_what_stands_before_it() -> None:
    facts = Facts()
    seen: list[tuple[Cel, ...]] = []

    def printed(part: Cel) -> Cel:
        seen.append(facts.unknown((A, B, C)))
        return part

    assert facts.conjunction((A, BOTH, C), printed).text == "a && b && c"
    assert seen == [(A, B, C), (B, C), (C,)]
    assert facts.unknown((A, B, C)) == (A, B, C)


def test_a_disjunction_knows_that_what_stands_before_it_is_false() -> None:
    facts = Facts()
    seen: list[tuple[Cel, ...]] = []

    def printed(part: Cel) -> Cel:
        seen.append(facts.unknown((A, B, C)))
        return part

    assert facts.disjunction((cel.negation(BOTH), C, D), printed).text == "!(a && b) || c || d"
    assert seen == [(A, B, C), (C,), (C,)]


def test_nothing_is_known_apart() -> None:
    facts = Facts()

    def inside() -> Cel:
        assert facts.unknown((A, B)) == (B,)
        assert facts.apart(lambda: facts.unknown((A, B))) == (A, B)
        return B

    assert facts.of_some((A,), TRUE, inside) == B
    assert facts.of_every((), cel.negation(A), inside).text == "!a || b"
    assert facts.unknown((A, B)) == (A, B)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((cel.conjunction((A, B)), cel.conjunction((A, C))), "a && (b || c)"),
        ((cel.conjunction((A, B, C)), cel.conjunction((A, B, D)), D), "a && b && (c || d) || d"),
        ((cel.conjunction((A, B)), C, cel.conjunction((A, D))), "a && b || c || a && d"),
        ((cel.conjunction((A, B)), A), "a"),
        ((cel.conjunction((A, B)), cel.conjunction((B, A))), "a && b || b && a"),
        ((FALSE, A, A), "a"),
        ((A, TRUE, B), "true"),
    ],
)
def test_what_neighbours_start_with_is_written_once(parts: tuple[Cel, ...], text: str) -> None:
    assert cel.disjunction(parts).text == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            ir.And((ir.Exists(var("x", "a")), eq(var("x", "a"), "b"))),
            'type(x) == map && has(x.a) && x.a != null && x.a == "b"',
        ),
        (
            ir.Or((ir.Not(ir.Exists(var("x", "a"))), eq(var("x", "a"), "b"))),
            'x != null && (!(type(x) == map && has(x.a) && x.a != null) || x.a == "b")',
        ),
        (
            ir.Or((ir.Exists(var("x", "a")), eq(var("x", "b"), "b"))),
            'type(x) == map && (has(x.a) && x.a != null || has(x.b) && x.b == "b")',
        ),
        (
            ir.Or((ir.Exists(var("x", "a")), eq(var("x", "a"), "b"))),
            'type(x) == map && has(x.a) && (x.a != null || x.a == "b")',
        ),
    ],
)
def test_guards_of_an_element(condition: ir.Condition, text: str) -> None:
    assert element(condition) == text


def test_a_variable_has_all_its_guards() -> None:
    """It may be read where the guards of the place that it was first read at are false."""
    deep = obj("data", "map", "key")
    first = ir.And((ir.IsType(obj("data", "map"), ir.ValueType.MAP), ir.Any(EVERY, "x", ir.Eq(ir.Var("x"), deep))))
    found = program(ir.Or((first, ir.Any(EVERY, "y", ir.Eq(ir.Var("y"), deep)))))
    variables = {name: flat(text) for name, text in found.variables}
    assert variables["data_map_key"].startswith("type(variables.data_map) == map && has(variables.data_map.key) ?")
