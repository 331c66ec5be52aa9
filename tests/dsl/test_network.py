"""What NetworkPolicies let pass, judged by the reference on a Pod and the policies beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cmpolicy import ir
from cmpolicy.dsl import (
    Condition,
    Direction,
    Traffic,
    denies_by_default,
    is_block,
    is_pod,
    isolates,
    policies_on,
    reaches,
)
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.kinds import Pod
from cmpolicy.values import Json, JsonMap

LABELS: JsonMap = {"app": "web"}
POD: JsonMap = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "shop", "labels": LABELS},
    "spec": {
        "containers": [
            {"name": "a", "ports": [{"name": "https", "containerPort": 10250}, {"name": "dns", "containerPort": 53}]},
            {"name": "b", "ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"}]},
        ]
    },
}


def policy(spec: JsonMap, name: str = "p", namespace: str = "shop") -> JsonMap:
    metadata: JsonMap = {"name": name, "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def egress(*rules: Json) -> JsonMap:
    return policy({"podSelector": {}, "policyTypes": ["Egress"], "egress": list(rules)})


def ingress(*rules: Json) -> JsonMap:
    return policy({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": list(rules)})


def holds(condition: Callable[[Pod], Condition], *policies: JsonMap) -> bool:
    pod = Pod.of(ir.Obj())
    assert Pod.kind_ is not None
    rule = ir.Rule("r", (Pod.kind_,), (ir.Operation.CREATE,), ir.TRUE, condition(pod)._node, ("no",))
    return judge_example(rule, ir.Example(POD, policies)).verdict is Verdict.PASS


def let(traffic: Traffic, *policies: JsonMap) -> bool:
    return holds(lambda pod: reaches(policies_on(pod), traffic), *policies)


# Which policies hold


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param({}, True, id="empty"),
        pytest.param(None, True, id="absent"),
        pytest.param({"matchLabels": {}}, True, id="no labels"),
        pytest.param({"matchLabels": {}, "matchExpressions": []}, True, id="no expressions"),
        pytest.param({"matchLabels": LABELS}, True, id="its labels"),
        pytest.param({"matchLabels": {**LABELS, "tier": "x"}}, False, id="more labels"),
        pytest.param({"matchLabels": {"app": "x"}}, False, id="another value"),
        pytest.param({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, True, id="expression"),
        pytest.param(
            {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False, id="not in"
        ),
    ],
)
def test_a_policy_holds_for_the_pods_that_it_selects(selector: Json, expected: bool) -> None:
    found = policy({"podSelector": selector})
    assert holds(lambda pod: ~policies_on(pod).is_empty(), found) is expected
    assert not holds(lambda pod: ~policies_on(pod).is_empty(), policy({"podSelector": selector}, namespace="other"))


def isolated(direction: Direction) -> Callable[[Pod], Condition]:
    return lambda pod: policies_on(pod).any(lambda policy: isolates(policy, direction))


@pytest.mark.parametrize(
    ("spec", "into", "out"),
    [
        ({"policyTypes": ["Egress"], "egress": []}, False, True),
        ({"policyTypes": ["Egress"]}, False, True),
        ({"egress": []}, True, False),
        ({"egress": None}, True, False),
        ({"egress": [{}]}, True, True),
        ({"policyTypes": [], "egress": [{}]}, True, True),
        ({"policyTypes": None}, True, False),
        ({"policyTypes": ["Ingress"], "egress": [{}]}, True, False),
        ({"policyTypes": ["Ingress", "Egress"]}, True, True),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, False, True),
    ],
)
def test_directions_are_given_or_guessed(spec: JsonMap, into: bool, out: bool) -> None:
    for direction, expected in ((Direction.INGRESS, into), (Direction.EGRESS, out)):
        assert holds(isolated(direction), policy(spec)) is expected, direction


DENIALS: list[tuple[JsonMap, bool]] = [
    ({"podSelector": {}, "policyTypes": ["Egress"], "egress": []}, True),
    ({"podSelector": {}, "egress": []}, False),
    ({"podSelector": {"matchLabels": {}}, "policyTypes": ["Egress"]}, True),
    ({"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Egress"]}, False),
    (
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}, "policyTypes": ["Egress"]},
        False,
    ),
    ({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}, False),
    ({"podSelector": {}, "policyTypes": ["Egress"], "egress": None, "ingress": [{}]}, True),
]


@pytest.mark.parametrize(("spec", "expected"), DENIALS)
def test_what_denies_by_default(spec: JsonMap, expected: bool) -> None:
    def denied(pod: Pod) -> Condition:
        return policies_on(pod).any(lambda each: denies_by_default(each, Direction.EGRESS))

    assert holds(denied, policy(spec)) is expected


# What passes

DNS = Traffic(
    Direction.EGRESS, 53, "UDP", names=("dns",), peer=lambda peer: is_pod(peer, "kube-system", {"app": "dns"})
)
HTTPS = Traffic(Direction.EGRESS, [443, 6443], peer=is_block)
WEBHOOK = Traffic(Direction.INGRESS, 10250, pod=Pod.of(ir.Obj()).spec)
KUBE_SYSTEM: JsonMap = {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}


def test_a_pod_that_nothing_isolates_is_open() -> None:
    assert let(DNS)
    assert let(DNS, ingress())
    assert let(DNS, policy({"podSelector": {"matchLabels": {"app": "x"}}, "policyTypes": ["Egress"]}))
    assert not let(DNS, egress())


def test_policies_add_up() -> None:
    more = policy({"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Egress"], "egress": [{}]}, "q")
    assert let(DNS, egress(), more)
    assert not let(DNS, egress(), {**more, "metadata": {"name": "q", "namespace": "other"}})


def test_rules_of_a_direction_that_a_policy_does_not_name_are_none() -> None:
    unused = policy({"podSelector": {}, "policyTypes": ["Ingress"], "egress": [{}]}, "q")
    assert not let(DNS, egress(), unused)


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        (None, True),
        ([], True),
        ([{"protocol": "UDP", "port": 53}], True),
        ([{"protocol": "TCP", "port": 53}], False),
        ([{"port": 53}], False),
        ([{"protocol": "UDP"}], True),
        ([{}], False),
        ([{"protocol": "UDP", "port": 54}], False),
        ([{"protocol": "UDP", "port": 1, "endPort": 53}], True),
        ([{"protocol": "UDP", "port": 53, "endPort": 60}], True),
        ([{"protocol": "UDP", "port": 1, "endPort": 52}], False),
        ([{"protocol": "UDP", "port": 54, "endPort": 60}], False),
        ([{"protocol": "UDP", "port": "dns"}], True),
        ([{"protocol": "TCP", "port": "dns"}], False),
        ([{"protocol": "UDP", "port": "http"}], False),
        ([{"protocol": "UDP", "port": "53"}], False),
        ([{"protocol": "TCP", "port": 443}, {"protocol": "UDP", "port": 53}], True),
    ],
)
def test_ports(ports: Json, expected: bool) -> None:
    assert let(DNS, egress({"ports": ports})) is expected


@pytest.mark.parametrize(("port", "expected"), [(443, True), (6443, True), (444, False), ("https", False)])
def test_one_of_several_ports_is_enough(port: Json, expected: bool) -> None:
    assert let(HTTPS, egress({"ports": [{"port": port}]})) is expected


@pytest.mark.parametrize(
    ("port", "expected"),
    [("https", True), (10250, True), (443, False), ("http-metrics", False), ("dns", False), (None, True)],
)
def test_a_port_of_the_pod_has_a_name_and_a_number(port: Json, expected: bool) -> None:
    assert let(WEBHOOK, ingress({"ports": [{"port": port}]})) is expected


@pytest.mark.parametrize(("protocol", "expected"), [("UDP", True), ("TCP", True), ("SCTP", False)])
def test_a_name_is_of_a_port_and_its_protocol(protocol: str, expected: bool) -> None:
    traffic = Traffic(Direction.INGRESS, 53, protocol, pod=Pod.of(ir.Obj()).spec)
    assert let(traffic, ingress({"ports": [{"port": "dns", "protocol": protocol}]})) is expected


@pytest.mark.parametrize(
    ("peers", "dns", "https"),
    [
        pytest.param(None, True, True, id="absent"),
        pytest.param([], True, True, id="empty"),
        pytest.param([{"namespaceSelector": KUBE_SYSTEM}], True, False, id="namespace"),
        pytest.param(
            [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "e2e-vault"}}}],
            False,
            False,
            id="another namespace, without ports",
        ),
        pytest.param([{"namespaceSelector": {}}], True, False, id="all namespaces"),
        pytest.param([{"podSelector": {}}], False, False, id="the policy's own namespace"),
        pytest.param(
            [{"namespaceSelector": KUBE_SYSTEM, "podSelector": {"matchLabels": {"app": "dns"}}}], True, False, id="pods"
        ),
        pytest.param(
            [{"namespaceSelector": KUBE_SYSTEM, "podSelector": {"matchLabels": {"app": "x"}}}],
            False,
            False,
            id="others",
        ),
        pytest.param([{"ipBlock": {"cidr": "10.0.0.0/8"}}], False, True, id="block"),
        pytest.param([{"podSelector": {}}, {"namespaceSelector": {}}], True, False, id="one of two"),
    ],
)
def test_peers(peers: Json, dns: bool, https: bool) -> None:
    assert let(DNS, egress({"to": peers})) is dns
    assert let(HTTPS, egress({"to": peers})) is https


def test_ports_and_peers_belong_to_one_rule() -> None:
    wrong_peer: JsonMap = {"to": [{"podSelector": {}}], "ports": [{"protocol": "UDP", "port": 53}]}
    assert not let(DNS, egress(wrong_peer, {"ports": [{"port": 53}]}))


def test_without_a_wanted_peer_any_rule_counts() -> None:
    anyone = Traffic(Direction.INGRESS, 10250)
    assert let(anyone, ingress({"from": [{"podSelector": {}}], "ports": [{"port": 10250}]}))
