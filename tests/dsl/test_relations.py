"""Objects that are looked up: which are there, and which selectors match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from cmpolicy import ir
from cmpolicy.dsl import Condition, Workload, integers, others, selects, where_known
from cmpolicy.dsl.errors import AuthorError
from cmpolicy.dsl.parameters import expression
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.kinds import Deployment, LabelSelector, NetworkPolicy
from cmpolicy.values import Json, JsonMap


def deployment(name: str = "web", namespace: str = "shop", **spec: Json) -> JsonMap:
    metadata: JsonMap = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def policy(name: str) -> JsonMap:
    metadata: JsonMap = {"name": name, "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": {}}


def holds(condition: Condition, obj: JsonMap, *known: JsonMap) -> bool:
    assert Deployment.kind_ is not None
    rule = ir.Rule("r", (Deployment.kind_,), (ir.Operation.CREATE,), ir.TRUE, condition._node, ("no",))
    return judge_example(rule, ir.Example(obj, known)).verdict is Verdict.PASS


def test_an_object_of_another_kind_may_have_the_name_of_a_workload() -> None:
    beside = others(NetworkPolicy, beside=Workload.of(ir.Obj()))
    assert holds(~beside.is_empty(), deployment("web"), policy("web"))


@pytest.mark.parametrize("kind", [Workload, Deployment])
def test_others_leave_the_object_itself_out(kind: type[Deployment]) -> None:
    beside = others(Deployment, beside=kind.of(ir.Obj()))
    assert holds(beside.is_empty(), deployment("web"), deployment("web"))
    assert holds(~beside.is_empty(), deployment("web"), deployment("web"), deployment("cart"))


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        (None, False),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "web", "tier": "front"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["x", "web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_a_selector_and_labels_that_the_rule_brings(selector: Json, expected: bool) -> None:
    given: LabelSelector = Deployment.of(ir.Obj()).spec.selector
    assert holds(selects(given, {"app": "web"}), deployment(selector=selector)) is expected


def test_a_list_parameter_is_a_list_of_integers() -> None:
    ports = cast("Sequence[int]", expression("ports", (443, 6443), "Ports"))  # what a rule's function declares
    replicas = Deployment.of(ir.Obj()).spec.replicas
    asked = integers(ports).any(lambda port: port == replicas)
    assert holds(asked, deployment(replicas=6443))
    assert not holds(asked, deployment(replicas=80))


def test_two_known_objects_are_not_the_same() -> None:
    with pytest.raises(AuthorError, match="NetworkPolicy shop/web"):
        where_known(deployment(), policy("web"), policy("web"))
    assert where_known(deployment(), policy("web"), policy("x")).others == (policy("web"), policy("x"))
