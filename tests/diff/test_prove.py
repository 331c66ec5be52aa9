"""What is proved impossible is: shown on tables, and on random conditions by objects."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.diff.canonical import Canonical
from cmpolicy.diff.formula import Pool
from cmpolicy.diff.prove import Prover
from cmpolicy.evaluate.closures import condition_closure
from cmpolicy.ir_text import condition_text
from cmpolicy.values import Json

from tests.lang.random_conditions import Conditions, random_object

OBJECTS = [value for seed in range(2500) if isinstance(value := random_object(Random(seed)), dict)]
A, B, X = ir.Get(ir.Obj(), "a"), ir.Get(ir.Obj(), "b"), ir.Var("x")
ELEMENTS = ir.Elems(A)


def refuted(condition: ir.Condition) -> bool:
    pool = Pool()
    return Prover(pool).refuted(Canonical(pool).condition(condition))


def implies(one: ir.Condition, other: ir.Condition) -> bool:
    return refuted(ir.And((one, ir.Not(other))))


def equal(one: ir.Condition, other: ir.Condition) -> bool:
    return implies(one, other) and implies(other, one)


def holding(condition: ir.Condition) -> Json:
    """The first of the objects for which the condition is true."""
    slots: dict[str | ir.Items, int] = {}
    holds = condition_closure(condition, slots)
    return next((each for each in OBJECTS if holds([each, None, {}, *([None] * len(slots))])), None)


def compare(order: str, number: float, value: ir.Value = A) -> ir.Condition:
    return ir.Compare(ir.Order(order), value, ir.Const(number))


def quantity(order: str, amount: str) -> ir.Condition:
    return ir.CompareQuantity(ir.Order(order), A, ir.Const(amount))


def starts(text: str) -> ir.Condition:
    return ir.Text(ir.TextTest.STARTS_WITH, A, ir.Const(text))


def some(condition: ir.Condition, items: ir.Items = ELEMENTS) -> ir.Condition:
    return ir.Any(items, "x", condition)


def every(condition: ir.Condition, items: ir.Items = ELEMENTS) -> ir.Condition:
    return ir.All(items, "x", condition)


def x_is(text: str) -> ir.Condition:
    return ir.Eq(X, ir.Const(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(compare(">=", 3), compare(">=", 2), id="a higher minimum"),
        pytest.param(compare(">", 2), compare(">=", 2), id="strict"),
        pytest.param(compare(">=", 3), ir.IsType(A, ir.ValueType.NUMBER), id="what is compared is a number"),
        pytest.param(compare(">=", 3, ir.Default(A, ir.Const(1))), ir.Exists(A), id="the default is too low"),
        pytest.param(compare(">=", 3), compare(">=", 3, ir.Default(A, ir.Const(5))), id="a default adds"),
        pytest.param(quantity(">=", "1Gi"), quantity(">=", "1000M"), id="units"),
        pytest.param(ir.Eq(A, ir.Const("1Gi")), quantity(">", "1G"), id="a text that is a quantity"),
        pytest.param(ir.In(A, ir.Const(("a", "b"))), ir.In(A, ir.Const(("c", "b", "a"))), id="a longer list"),
        pytest.param(starts("ab"), starts("a"), id="a longer start"),
        pytest.param(ir.Eq(A, ir.Const("abc")), starts("ab"), id="a text that starts so"),
        pytest.param(starts("a"), ir.Not(starts("b")), id="two starts"),
        pytest.param(some(x_is("a")), some(ir.In(X, ir.Const(("a", "b")))), id="some element"),
        pytest.param(every(x_is("a")), every(ir.Not(x_is("b"))), id="every element"),
        pytest.param(ir.And((some(x_is("a")), every(ir.Not(x_is("a"))))), ir.FALSE, id="some against every"),
        pytest.param(every(x_is("a"), ir.Concat((ir.Elems(A), ir.Elems(B)))), every(x_is("a")), id="fewer lists"),
        pytest.param(some(ir.TRUE), ir.IsType(A, ir.ValueType.LIST), id="what has elements is a list"),
        pytest.param(ir.Exists(ir.Get(A, "c")), ir.IsType(A, ir.ValueType.MAP), id="what has a field is a map"),
        pytest.param(ir.Compare(ir.Order.LESS, A, B), ir.Compare(ir.Order.AT_MOST, A, B), id="two values"),
        pytest.param(ir.Compare(ir.Order.LESS, A, B), ir.Compare(ir.Order.GREATER, B, A), id="turned round"),
        pytest.param(compare("<", 0, ir.Len(A)), ir.FALSE, id="a length is never negative"),
        pytest.param(compare(">", 2, ir.Len(A)), compare(">=", 3, ir.Len(A)), id="a length is whole"),
        pytest.param(
            ir.And((compare(">", 1), compare("<", 2), ir.IsType(A, ir.ValueType.INTEGER))), ir.FALSE, id="none between"
        ),
    ],
)
def test_an_implication_is_proved_and_its_converse_is_not(one: ir.Condition, other: ir.Condition) -> None:
    assert implies(one, other)
    assert equal(one, other) is (implies(other, one))


def test_what_is_computed_of_constants_is_what_comes_of_it() -> None:
    ports = [
        ir.Eq(ir.UrlPort(ir.Default(A, ir.Const(url))), B)
        for url in ("https://one.example", "https://other.example/x", "http://one.example", "ftp://one.example", "")
    ]
    assert equal(ports[0], ports[1])
    assert equal(ports[3], ports[4])
    assert not equal(ports[0], ports[2])
    assert not implies(ports[0], ports[3])


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param(ir.And((compare(">=", 2), ir.Not(compare(">=", 3)))), id="between"),
        pytest.param(ir.And((starts("a"), ir.Not(starts("ab")))), id="a shorter start"),
        pytest.param(ir.And((quantity(">=", "1G"), ir.Not(quantity(">=", "1Gi")))), id="between quantities"),
        pytest.param(ir.And((some(x_is("a")), some(x_is("b")))), id="two elements"),
        pytest.param(ir.And((ir.Not(compare("<", 1)), ir.Not(compare(">=", 1)))), id="no number"),
        pytest.param(every(x_is("a")), id="no element"),
        pytest.param(ir.And((ir.Matches(A, "^a"), ir.Not(starts("a")))), id="patterns are not looked into"),
        pytest.param(ir.And((compare(">", 1), compare("<", 2))), id="a fraction"),
    ],
)
def test_what_some_object_satisfies_or_is_not_understood_is_not_refuted(condition: ir.Condition) -> None:
    assert not refuted(condition)


def one_of(a: ir.Condition, b: ir.Condition) -> ir.Condition:
    return ir.And((ir.Or((a, b)), ir.Not(a)))


@pytest.mark.parametrize(
    "join",
    [
        pytest.param(lambda a, b: ir.And((a, b)), id="both"),
        pytest.param(lambda a, b: ir.And((ir.Not(a), b)), id="only the second"),
        pytest.param(one_of, id="by cases"),
        pytest.param(lambda a, b: a, id="alone"),
    ],
)
def test_no_object_satisfies_what_is_refuted(join: Callable[[ir.Condition, ir.Condition], ir.Condition]) -> None:
    proofs = 0
    for seed in range(250):
        make = Conditions(Random(seed))
        condition = join(make.condition(3), make.condition(2))
        if refuted(condition):
            proofs += 1
            assert holding(condition) is None, condition_text(condition)
    assert proofs > 5
