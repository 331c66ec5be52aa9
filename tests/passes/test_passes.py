"""Passes do what their names say and keep every verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import judge
from cmpolicy.passes import bind_parameters, expand_workloads, normalize, set_parameters, to_nnf
from cmpolicy.passes.normalize import simplify
from cmpolicy.passes.tree import children, free_variables, walk, walk_rule

from tests.engines.variants import variants
from tests.sample_rules import CRON_JOB, DEPLOYMENT, LOOKUPS, POD, RULES, obj

A, B, C = (ir.Exists(obj(name)) for name in "abc")
EVERY = ir.Elems(obj("l"))


NODES = get_args(ir.Node)


def _nodes_in(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield from (each for inner in value for each in _nodes_in(inner))
    elif isinstance(value, NODES):
        yield value


def test_children_are_the_nodes_in_the_fields_of_every_class() -> None:
    nodes = [node for rule in (*RULES, *LOOKUPS) for node in walk_rule(rule)]
    for node in nodes:
        assert children(node) == tuple(_nodes_in(tuple(getattr(node, each.name) for each in fields(node))))
    assert {type(node) for node in nodes} == set(NODES)


def test_a_variable_is_free_outside_its_quantifier() -> None:
    reads_x = ir.Exists(ir.Var("x"))
    over_x = ir.Any(ir.Elems(ir.Var("x")), "x", reads_x)
    rule = ir.Rule("r", (POD,), (ir.Operation.CREATE,), ir.TRUE, ir.Any(EVERY, "x", reads_x), ("m", ir.Var("y")))
    assert free_variables(rule) == {"y"}
    assert free_variables(rule.with_conditions(reads_x, rule.condition)) == {"x", "y"}
    assert free_variables(rule.with_conditions(over_x, ir.TRUE)) == {"x", "y"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(ir.And((A, ir.And((B, ir.TRUE)))), ir.And((A, B)), id="nested_and"),
        pytest.param(ir.Or((A, ir.FALSE)), A, id="or_false"),
        pytest.param(ir.Or((A, ir.TRUE)), ir.TRUE, id="or_true"),
        pytest.param(ir.And(()), ir.TRUE, id="empty_and"),
        pytest.param(ir.Or(()), ir.FALSE, id="empty_or"),
        pytest.param(ir.And((A, A)), A, id="repeated"),
        pytest.param(ir.Not(ir.Not(A)), A, id="double_negation"),
        pytest.param(ir.And((A, ir.Or((B, C)))), ir.And((A, ir.Or((B, C)))), id="or_inside_and_stays"),
        pytest.param(ir.All(EVERY, "x", ir.TRUE), ir.TRUE, id="all_true"),
        pytest.param(ir.Any(EVERY, "x", ir.TRUE), ir.Any(EVERY, "x", ir.TRUE), id="any_true_stays"),
        pytest.param(
            ir.Or((ir.Eq(obj("a"), ir.Const(True)), ir.Eq(obj("a"), ir.Const(1)))),
            ir.Or((ir.Eq(obj("a"), ir.Const(True)), ir.Eq(obj("a"), ir.Const(1)))),
            id="true_is_not_one",
        ),
    ],
)
def test_simplify(before: ir.Condition, after: ir.Condition) -> None:
    rule = ir.Rule("r", (POD,), (ir.Operation.CREATE,), before, before, ("m",))
    assert normalize(rule).condition == normalize(rule).when == after
    assert simplify(after) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ir.Not(ir.And((A, B))), ir.Or((ir.Not(A), ir.Not(B)))),
        (ir.Not(ir.Any(EVERY, "x", A)), ir.All(EVERY, "x", ir.Not(A))),
        (ir.Not(ir.AllEntry(obj("m"), "k", "v", A)), ir.AnyEntry(obj("m"), "k", "v", ir.Not(A))),
        (ir.Not(ir.Bool(True)), ir.FALSE),
        (ir.Not(ir.Not(A)), A),
    ],
)
def test_nnf(before: ir.Condition, after: ir.Condition) -> None:
    assert to_nnf(before) == after


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_nnf_negates_only_leaves(rule: ir.Rule) -> None:
    negated = [node.item for node in walk(to_nnf(ir.Not(rule.condition))) if isinstance(node, ir.Not)]
    compound = (ir.Not, ir.And, ir.Or, ir.Any, ir.All, ir.AnyEntry, ir.AllEntry, ir.Bool)
    assert not [item for item in negated if isinstance(item, compound)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_pass_keeps_every_verdict(rule: ir.Rule) -> None:
    passed = [
        normalize(rule),
        bind_parameters(rule),
        rule.with_conditions(to_nnf(rule.when), ir.Not(to_nnf(ir.Not(rule.condition)))),
    ]
    objects = [*(each.object for each in (*rule.about.good, *rule.about.bad)), *variants(rule, 400)]
    assert objects
    for manifest in objects:
        assert {judge(each, manifest) for each in passed} == {judge(rule, manifest)}


def test_workloads_are_expanded_by_kind() -> None:
    image = ir.Exists(ir.Get(ir.PodSpec(), "x"))
    rule = ir.Rule("r", (POD, DEPLOYMENT, CRON_JOB), (ir.Operation.CREATE,), ir.TRUE, image, ("m",))
    expanded = {kind.kind: expand_workloads(rule, kind).condition for kind in rule.kinds}
    assert expanded == {
        "Pod": ir.Exists(obj("spec", "x")),
        "Deployment": ir.Exists(obj("spec", "template", "spec", "x")),
        "CronJob": ir.Exists(obj("spec", "jobTemplate", "spec", "template", "spec", "x")),
    }


def test_parameters_are_set_and_bound() -> None:
    minimum = ir.Param("minimum", ir.ParameterType.INTEGER, 3)
    condition = ir.Compare(ir.Order.AT_LEAST, obj("n"), minimum)
    rule = ir.Rule("r", (POD,), (ir.Operation.CREATE,), ir.TRUE, condition, ("m", minimum), (minimum,))
    changed = set_parameters(rule, {"minimum": 5})
    assert changed.parameters[0].default == 5
    bound = bind_parameters(changed)
    assert bound.condition == ir.Compare(ir.Order.AT_LEAST, obj("n"), ir.Const(5))
    assert not [node for node in walk_rule(bound) if isinstance(node, ir.Param)]
    assert bound.parameters == ()
