"""What every quantifier over known objects asks becomes a filter of the list; what only some ask does not."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.passes.filters import Filter, filtered

from tests.sample_rules import CONFIG_MAP, PDB, eq, obj, var

BUDGETS = ir.Elems(ir.Known(PDB))


def a(name: str) -> ir.Condition:
    return eq(var(name, "a"), 1)


def b(name: str) -> ir.Condition:
    return eq(var(name, "b"), 1)


def c(name: str) -> ir.Condition:
    part = name.replace("x", "part")
    return ir.Any(ir.Elems(var(name, "c")), part, ir.Exists(ir.Var(part)))


def rule(*conditions: ir.Condition, message: ir.Message = ("m",)) -> ir.Rule:
    return ir.Rule("r", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, ir.And(conditions), message)


def some(name: str, *parts: ir.Condition) -> ir.Condition:
    return ir.Any(BUDGETS, name, ir.And(parts) if len(parts) > 1 else parts[0])


def test_what_all_ask_is_asked_once() -> None:
    every = ir.All(BUDGETS, "x_3", ir.Or((ir.Not(ir.And((a("x_3"), b("x_3")))), c("x_3"))))
    count = ir.Compare(ir.Order.LESS, ir.Count(BUDGETS, "x_4", a("x_4")), ir.Const(3))
    found = filtered(rule(some("x", a("x"), b("x")), every, count))
    assert found.filters == {BUDGETS: Filter("x", a("x"))}
    assert found.rule.condition == ir.And(
        (
            some("x", b("x")),
            ir.All(BUDGETS, "x", ir.Or((ir.Not(b("x")), c("x")))),
            ir.Compare(ir.Order.LESS, ir.Count(BUDGETS, "x", ir.TRUE), ir.Const(3)),
        )
    )


def test_names_inside_do_not_matter() -> None:
    found = filtered(rule(some("x", c("x"), a("x")), some("x_2", b("x_2"), c("x_2"))))
    assert found.filters == {BUDGETS: Filter("x", ir.Any(ir.Elems(var("x", "c")), "part", ir.Exists(ir.Var("part"))))}


def test_what_is_asked_in_the_message_counts_too() -> None:
    shown = ir.Count(BUDGETS, "x_2", b("x_2"))
    assert filtered(rule(some("x", a("x"), b("x")), some("x_3", a("x_3")), message=("n: ", shown))).filters == {}


LEFT_ALONE = {
    "one quantifier": (some("x", a("x"), b("x")),),
    "nothing in common": (some("x", a("x")), some("x_2", b("x_2"))),
    "a choice is no demand": (some("x", ir.Or((a("x"), b("x")))), some("x_2", ir.Or((a("x_2"), c("x_2"))))),
    "all, of which some pass": (some("x", a("x")), ir.All(BUDGETS, "x_2", a("x_2"))),
    "what reads no object": (some("x", eq(obj("a"), 1), a("x")), some("x_2", eq(obj("a"), 1), b("x_2"))),
    "other objects": (some("x", a("x")), ir.Any(ir.Elems(ir.Known(CONFIG_MAP)), "x_2", a("x_2"))),
    "of another namespace": (
        some("x", a("x")),
        ir.Any(ir.Elems(ir.Known(PDB, obj("metadata", "namespace"))), "x_2", a("x_2")),
    ),
    "a list of the object": tuple(ir.Any(ir.Elems(obj("l")), name, a(name)) for name in ("x", "x_2")),
    "read as part of another list": (
        some("x", a("x")),
        some("x_2", a("x_2"), b("x_2")),
        ir.Any(ir.Concat((BUDGETS, ir.Elems(obj("l")))), "x_3", b("x_3")),
    ),
}


@pytest.mark.parametrize("conditions", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_left_alone(conditions: tuple[ir.Condition, ...]) -> None:
    found = filtered(rule(*conditions))
    assert found.filters == {}


def test_what_reads_a_variable_around_it_is_no_filter() -> None:
    like = [ir.Eq(var(name, "a"), ir.Var("e")) for name in ("x", "x_2")]
    inside = ir.And((some("x", like[0]), some("x_2", like[1], b("x_2"))))
    assert filtered(rule(ir.Any(ir.Elems(obj("l")), "e", inside))).filters == {}
