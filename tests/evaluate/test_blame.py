"""A failure is about the field that made the condition false."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import blame
from cmpolicy.evaluate.blame import pointer
from cmpolicy.values import JsonMap

from tests.sample_rules import POD, pod, var

CONTAINERS = ir.Concat((ir.Elems(pod("containers")), ir.Elems(pod("initContainers"))))


def of(condition: ir.Condition, **spec: object) -> str:
    """What is blamed on a Pod with this spec."""
    rule = ir.Rule("r", (POD,), (ir.Operation.CREATE,), ir.TRUE, condition, ("no",))
    manifest: JsonMap = {"apiVersion": "v1", "kind": "Pod", "spec": spec}  # type: ignore[dict-item]
    return blame(rule, manifest)


PRIVILEGED = ir.Eq(var("c", "securityContext", "privileged"), ir.Const(True))
TOKEN = ir.Eq(pod("automount"), ir.Const(False))
IMAGE = ir.Exists(var("c", "image"))


@pytest.mark.parametrize(
    ("condition", "spec", "expected"),
    [
        (TOKEN, {}, "/spec/automount"),
        (ir.And((TOKEN, ir.Exists(pod("b")))), {"automount": False}, "/spec/b"),
        (ir.Or((TOKEN, ir.Exists(pod("b", "deep")))), {}, "/spec/automount"),
        (ir.Or((TOKEN, ir.Not(ir.Exists(pod("b", "deep"))))), {"b": {"deep": 1}}, "/spec/b/deep"),
        (ir.Not(ir.Exists(pod("b"))), {"b": 1}, "/spec/b"),
        (ir.All(CONTAINERS, "c", IMAGE), {"containers": [{"image": "a"}, None, {}]}, "/spec/containers/2/image"),
        (ir.All(CONTAINERS, "c", IMAGE), {"initContainers": [{}]}, "/spec/initContainers/0/image"),
        (ir.Any(CONTAINERS, "c", IMAGE), {"containers": [{}, {}]}, "/spec/containers"),
        (ir.Any(CONTAINERS, "c", IMAGE), {"containers": [{}]}, "/spec/containers/0/image"),
        (ir.Any(CONTAINERS, "c", IMAGE), {}, "/spec/containers"),
        (
            ir.Not(ir.Any(CONTAINERS, "c", PRIVILEGED)),
            {"containers": [{}, {"securityContext": {"privileged": True}}]},
            "/spec/containers/1/securityContext/privileged",
        ),
        (
            ir.AllEntry(pod("labels"), "k", "v", ir.Eq(var("v"), ir.Const("x"))),
            {"labels": {"a/b": "y"}},
            "/spec/labels/a~1b",
        ),
        (ir.Eq(ir.Default(pod("n"), ir.Const(1)), ir.Const(2)), {}, "/spec/n"),
        (ir.FALSE, {}, ""),
    ],
)
def test_the_field_that_decided_is_blamed(condition: ir.Condition, spec: JsonMap, expected: str) -> None:
    assert of(condition, **spec) == expected


def test_a_pointer_escapes_its_steps() -> None:
    assert pointer(("a/b", "~")) == "/a~1b/~0"
