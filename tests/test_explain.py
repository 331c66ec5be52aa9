"""Examples in a few words, holes, and the IR as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cmpolicy import ir
from cmpolicy.example_text import summaries
from cmpolicy.explain import explain
from cmpolicy.holes import holes
from cmpolicy.ir_text import rule_text
from cmpolicy.values import Json, JsonMap

from tests.sample_rules import DEPLOYMENT, RULES, WRITES, obj, pod, var

REPLICAS = ir.Rule("x", (DEPLOYMENT,), WRITES, ir.TRUE, ir.Exists(obj("spec", "replicas")), ("x",))


def deployment(name: str = "app", **spec: Json) -> JsonMap:
    return {"kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def container(**fields: Json) -> JsonMap:
    return deployment(template={"spec": {"containers": [fields]}})


@pytest.mark.parametrize(
    ("example", "others", "summary"),
    [
        (deployment(replicas=3), [deployment(replicas=1)], "replicas: 3"),
        (deployment(), [deployment(replicas=1)], "replicas absent"),
        (deployment(paused=True), [deployment(paused=1)], "paused: true"),
        (deployment(replicas=3), [deployment(replicas=1, paused=True), deployment(replicas=2)], "replicas: 3"),
        (deployment("other", replicas=3), [deployment(replicas=1)], "replicas: 3"),
        (deployment("other"), [deployment()], "name: other"),
        (container(image="a:1"), [container(image="a")], "containers[0].image: a:1"),
        (container(image=""), [container(image="a")], 'containers[0].image: ""'),
        (deployment(a=1, b=2, c=3, d=4), [deployment()], "a: 1, b: 2, c: 3, …"),
        (deployment(list=[1]), [deployment(list=[])], "list[0]: 1"),
        (deployment(text="x" * 80), [deployment()], f"text: {'x' * 59}…"),
        (deployment(), [], "Deployment"),
    ],
)
def test_an_example_is_told_by_what_the_other_verdict_has_not(
    example: JsonMap, others: list[JsonMap], summary: str
) -> None:
    assert summaries([example], others) == [summary]


def test_many_examples_are_cut_short_and_counted() -> None:
    found = summaries([deployment(replicas=number) for number in range(10)], [deployment(replicas=-1)])
    assert found == [*(f"replicas: {number}" for number in range(6)), "4 more"]


def test_no_target_matches_the_scale_subresource() -> None:
    (hole,) = holes(REPLICAS, {"vap": "resources: [deployments]", "kyverno": "apps/v1/Deployment"})
    assert "which no target matches" in hole


def test_targets_that_match_the_scale_subresource_are_named() -> None:
    (hole,) = holes(
        REPLICAS, {"vap": "resources: [deployments, deployments/scale]", "datree": "", "kyverno": "Deployment/scale"}
    )
    assert "which only vap, kyverno match" in hole


@pytest.mark.parametrize(
    "rule",
    [
        replace(REPLICAS, condition=ir.Exists(obj("spec", "paused"))),
        replace(REPLICAS, kinds=(ir.Kind("", "v1", "Pod", "pods", namespaced=True),)),
        replace(REPLICAS, condition=ir.Exists(pod("replicas"))),
    ],
    ids=["other_field", "no_scaled_kind", "other_replicas"],
)
def test_rules_that_scaling_does_not_concern_have_no_hole(rule: ir.Rule) -> None:
    assert list(holes(rule, {})) == []


def test_rules_on_manifests_or_on_the_past_say_so() -> None:
    written = replace(REPLICAS, condition=ir.TRUE, about=ir.About(manifest_only=True))
    assert "manifests as written" in " ".join(holes(written, {}))
    past = replace(REPLICAS, condition=ir.Exists(ir.Old()))
    assert "before a request" in " ".join(holes(past, {}))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page_and_a_text(rule: ir.Rule) -> None:
    assert explain(rule, ()).startswith(rule.id)
    assert rule_text(rule).startswith(f"rule {rule.id}\n")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            ir.And((ir.Exists(obj("a")), ir.Not(ir.Eq(obj("b"), ir.Const(True))))),
            "all of\n    obj.a exists\n    not obj.b == true",
        ),
        (ir.Not(ir.Or((ir.TRUE, ir.FALSE))), "not\n    any of\n      true\n      false"),
        (
            ir.Any(ir.Elems(pod("containers")), "c", ir.Matches(var("c", "image"), "a$")),
            'some c in pod.containers\n    c.image matches "a$"',
        ),
        (
            ir.Compare(
                ir.Order.AT_LEAST,
                ir.Count(
                    ir.Elems(obj("x")), "e", ir.Or((ir.Exists(ir.Var("e")), ir.IsType(ir.Var("e"), ir.ValueType.MAP)))
                ),
                ir.Default(ir.Len(obj("my-key")), ir.Const(1)),
            ),
            'count(e in obj.x where (e exists or e is map)) >= (len(obj["my-key"]) ?? 1)',
        ),
    ],
)
def test_conditions_as_text(condition: ir.Condition, text: str) -> None:
    assert f"condition\n  {text}\nmessage" in rule_text(replace(REPLICAS, condition=condition))
