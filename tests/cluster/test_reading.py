"""A cluster is read page by page, whatever happens to it meanwhile."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from cmpolicy import ir
from cmpolicy.cluster import client as http
from cmpolicy.cluster.client import Client
from cmpolicy.cluster.credentials import Credentials
from cmpolicy.cluster.kubeconfig import find_access
from cmpolicy.cluster.lookups import look_ups
from cmpolicy.cluster.objects import LiveObject
from cmpolicy.cluster.reading import Reading, read_cluster
from cmpolicy.diagnostics import CmpolicyError, Diagnostic, render
from cmpolicy.ir.kind import Kind

from tests.cluster.fake_api import FakeApi, Handler, Object, serving

POD = Kind("", "v1", "Pod", "pods", True)
SECRET = Kind("", "v1", "Secret", "secrets", True)
DEPLOYMENT = Kind("apps", "v1", "Deployment", "deployments", True)
BUDGET = Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", True)
NODE = Kind("", "v1", "Namespace", "namespaces", False)
ISSUER = Kind("cert-manager.io", "v1", "Issuer", "issuers", True)
HOME = ir.Default(ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace"), ir.Const("default"))


def rule(name: str, *kinds: Kind, condition: ir.Condition = ir.FALSE) -> ir.Rule:
    return ir.Rule(name, kinds, (ir.Operation.CREATE,), ir.TRUE, condition, ("it is bad",))


def looking_up(name: str, kind: Kind, namespace: ir.Value | None = HOME) -> ir.Rule:
    """A rule on Pods beside an object that has the image `good`."""
    image = ir.Get(ir.Get(ir.Var("each"), "spec"), "image")
    found = ir.Any(ir.Elems(ir.Known(kind, namespace)), "each", ir.Eq(image, ir.Const("good")))
    return rule(name, POD, condition=found)


def obj(kind: Kind, name: str, namespace: str = "shop", **fields: Any) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if kind.namespaced else {})}
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, **fields}


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with serving() as found:
        yield found


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def asking(api: FakeApi, tmp_path: Path, pauses: list[float]) -> Iterator[Client]:
    found = Client(Credentials(find_access(None, api.kubeconfig(tmp_path), {}), {}), pauses.append)
    yield found
    found.close()


def read(
    asking: Client, *rules: ir.Rule, namespaces: Sequence[str] = ()
) -> tuple[Reading, list[LiveObject | Diagnostic]]:
    reading = read_cluster(asking, rules, namespaces, lambda objects: objects)
    return reading, list(reading.objects())


def names(found: Sequence[LiveObject | Diagnostic]) -> list[str]:
    return [each.value["metadata"]["name"] for each in found if isinstance(each, LiveObject)]  # type: ignore[index,call-overload,misc]


def problems(found: Sequence[LiveObject | Diagnostic]) -> list[str]:
    return [line for each in found if isinstance(each, Diagnostic) for line in render(each).splitlines()]


def told(caught: pytest.ExceptionInfo[CmpolicyError]) -> list[str]:
    return [line for each in caught.value.diagnostics for line in render(each).splitlines()]


def test_objects_come_page_by_page(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, f"p{number}") for number in range(1201)]
    _, found = read(asking, rule("r", POD))
    assert names(found) == [f"p{number}" for number in range(1201)]
    assert [(each.path, each.query) for each in api.lists()] == [
        ("/api/v1/pods", {"limit": "500"}),
        ("/api/v1/pods", {"limit": "500", "continue": "500"}),
        ("/api/v1/pods", {"limit": "500", "continue": "1000"}),
    ]


def test_objects_say_what_they_are_and_not_who_set_which_field(api: FakeApi, asking: Client) -> None:
    pod = obj(POD, "p", spec={"x": 1.0, "y": 1.5})
    api.objects = [{**pod, "metadata": {**pod["metadata"], "managedFields": [{"manager": "kubectl"}]}}]
    _, (found,) = read(asking, rule("r", POD))
    assert isinstance(found, LiveObject)
    assert found.value == {**pod, "spec": {"x": 1, "y": 1.5}}


def test_only_kinds_that_rules_are_about_are_asked_for(api: FakeApi, asking: Client) -> None:
    read(asking, rule("r", DEPLOYMENT, POD), looking_up("l", BUDGET))
    assert [each.path for each in api.asked] == [
        "/apis",
        "/apis/apps/v1",
        "/api/v1",
        "/apis/policy/v1",
        "/apis/policy/v1/poddisruptionbudgets",
        "/apis/apps/v1/deployments",
        "/api/v1/pods",
    ]


def test_kinds_that_the_cluster_does_not_serve_are_a_note(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, "p")]
    other = Kind("apps", "v1beta1", "Deployment", "deployments", True)
    reading, found = read(asking, rule("r", ISSUER, POD, other), looking_up("l", ISSUER))
    assert (names(found), problems(found), reading.problems, len(reading.rules)) == (["p"], [], (), 2)
    assert list(reading.notes()) == [
        "the cluster does not serve apps/v1beta1/Deployment and cert-manager.io/v1/Issuer: there is nothing of these kinds "
        "to judge or to look up"
    ]


def test_a_kind_that_goes_while_it_is_read_is_a_note(api: FakeApi, asking: Client) -> None:
    api.fault = lambda handler: handler.asked.path == "/api/v1/pods" and handler.status(404, "not found")
    reading, found = read(asking, rule("r", POD))
    assert (found, next(reading.notes())[:35]) == ([], "the cluster does not serve v1/Pod: ")


def test_every_object_is_judged_in_one_version(api: FakeApi, asking: Client) -> None:
    api.resources = {"apps/v1": {"Deployment": "deployments"}, "apps/v1beta1": {"Deployment": "deployments"}}
    old = Kind("apps", "v1beta1", "Deployment", "deployments", True)
    reading, _ = read(asking, rule("both", old, DEPLOYMENT))
    assert [each.kinds for each in reading.rules] == [(DEPLOYMENT,)]
    assert [each.path for each in api.lists()] == ["/apis/apps/v1/deployments"]


def test_kinds_that_packs_tell_of_differently_are_read_once(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, "p"), obj(BUDGET, "b")]
    pods, budgets = Kind("", "v1", "Pod", "pod", True), Kind("policy", "v1", "PodDisruptionBudget", "budgets", True)
    reading, found = read(asking, rule("a", POD), rule("b", pods), looking_up("c", BUDGET), looking_up("d", budgets))
    assert (names(found), len(reading.rules)) == (["p"], 4)
    assert len(reading.known["policy/v1/PodDisruptionBudget"][""]) == 1  # type: ignore[index,call-overload,arg-type]


def test_a_list_that_is_too_old_goes_on_as_it_is_now(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, f"p{number}") for number in range(6)]
    api.page = 2
    expired: list[str] = []

    def expire(handler: Handler) -> bool:
        if handler.asked.query.get("continue") != "2" or expired:
            return False
        expired.append("once")
        del api.objects[2]
        return handler.status(410, "The provided continue parameter is too old", {"continue": "2"})

    api.fault = expire
    reading, found = read(asking, rule("r", POD))
    assert (names(found), problems(found)) == (["p0", "p1", "p3", "p4", "p5"], [])
    assert next(reading.notes()).startswith("the cluster kept the lists of pods no longer than it took to read")


@pytest.mark.parametrize("again", ["", "2"])
def test_a_list_that_never_goes_on_is_a_problem(api: FakeApi, asking: Client, again: str) -> None:
    api.objects = [obj(POD, f"p{number}") for number in range(6)] + [obj(SECRET, "s")]
    api.page = 2
    api.fault = lambda handler: "continue" in handler.asked.query and handler.status(
        410, "too old", {"continue": again}
    )
    _, found = read(asking, rule("r", POD, SECRET))
    assert names(found) == ["p0", "p1", "s"]
    assert problems(found) == [
        "error[cluster]: `pods` in all namespaces cannot be read: it changed while it was read, and the cluster does not "
        "say how to go on",
        "  | run it again",
    ]


def test_a_list_that_leads_in_circles_is_a_problem(api: FakeApi, asking: Client) -> None:
    page = {"metadata": {"continue": "x"}, "items": []}
    api.fault = lambda handler: handler.asked.path == "/api/v1/pods" and handler.answer(page)
    _, found = read(asking, rule("r", POD))
    assert problems(found) == ["error[cluster]: `pods` in all namespaces cannot be read: the list leads in circles"]
    assert len(api.lists()) == 2


def test_pages_that_are_too_large_are_asked_for_in_smaller_parts(
    api: FakeApi, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 20_000)
    api.objects = [obj(POD, f"p{number}", spec={"x": "x" * 900}) for number in range(70)]
    _, found = read(asking, rule("r", POD))
    assert (names(found), problems(found)) == ([f"p{number}" for number in range(70)], [])
    assert [each.query["limit"] for each in api.lists()][:4] == ["500", "62", "7", "7"]


def test_an_object_that_is_too_large_is_a_problem(
    api: FakeApi, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 20_000)
    api.objects = [obj(POD, "p", spec={"x": "x" * 20_000}), obj(SECRET, "s")]
    _, found = read(asking, rule("r", POD, SECRET))
    assert names(found) == ["s"]
    assert problems(found) == ["error[cluster]: `pods` in all namespaces cannot be read: an answer of more than 0 MiB"]


def test_what_may_not_be_listed_is_told_with_the_right_that_lacks(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, "p"), obj(DEPLOYMENT, "d")]
    message = 'deployments.apps is forbidden: User "me\x1b[2J" cannot list resource "deployments" in API group "apps"'
    api.fault = lambda handler: handler.asked.path.endswith("/deployments") and handler.status(403, message)
    _, found = read(asking, rule("r", DEPLOYMENT, POD))
    assert names(found) == ["p"]
    assert problems(found) == [
        'error[forbidden]: `deployments.apps` in all namespaces cannot be read: deployments.apps is forbidden: User "me\\x1b'
        '[2J" cannot list resource "deployments" in API group "apps"',
        "  | who asks needs the verb `list` on it: `kubectl create clusterrole cmpolicy --verb=list --resource=deployments.apps`, "
        "and a binding of that",
    ]
    _, found = read(asking, rule("r", DEPLOYMENT), namespaces=["shop"])
    assert "--verb=list --resource=deployments.apps -n shop`" in problems(found)[1]


def test_a_rule_whose_look_ups_fail_is_not_judged(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, "p")]
    api.fault = lambda handler: handler.asked.path.endswith("budgets") and handler.status(403, "no")
    many = [looking_up(f"l{number}", BUDGET) for number in range(7)]
    reading, found = read(asking, rule("r", POD), *many)
    assert ([each.id for each in reading.rules], names(found)) == (["r"], ["p"])
    assert problems(reading.problems)[0] == (
        "error[forbidden]: `poddisruptionbudgets.policy` in all namespaces cannot be read: no; "
        "`l0`, `l1`, `l2`, `l3`, `l4` and 2 more cannot be judged without"
    )


def test_a_group_that_does_not_answer_is_a_problem_and_the_rest_is_read(
    api: FakeApi, asking: Client, pauses: list[float]
) -> None:
    api.objects = [obj(POD, "p")]
    api.fault = lambda handler: handler.asked.path == "/apis/policy/v1" and handler.status(503, "no backend")
    reading, found = read(asking, rule("r", POD, BUDGET), looking_up("l", BUDGET))
    assert (names(found), [each.id for each in reading.rules], len(pauses)) == (["p"], ["r"], 4)
    assert problems(reading.problems) == [
        "error[cluster]: what the cluster serves of `policy/v1` is not told: the cluster answers 503: no backend"
    ]


def test_a_busy_server_is_asked_again_when_it_says(api: FakeApi, asking: Client, pauses: list[float]) -> None:
    api.objects = [obj(POD, "p")]

    def busy(handler: Handler) -> bool:
        return bool(handler.asked.query) and len(api.lists()) < 3 and handler.status(429, "busy", None, Retry_After="7")

    api.fault = busy
    _, found = read(asking, rule("r", POD))
    assert (names(found), pauses) == (["p"], [7.0, 7.0])


def test_a_server_that_goes_away_ends_the_reading(api: FakeApi, asking: Client, pauses: list[float]) -> None:
    api.objects = [obj(POD, f"p{number}") for number in range(4)] + [obj(SECRET, "s")]
    api.page = 2

    def cut(handler: Handler) -> bool:
        if "continue" not in handler.asked.query:
            return False
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        return True

    api.fault = cut
    _, found = read(asking, rule("r", POD, SECRET))
    assert (names(found), len(pauses)) == (["p0", "p1"], 2)
    assert problems(found)[0].startswith(
        f"error[cluster]: the cluster of context `test` at `{api.url}` cannot be reached: "
    )


def test_nothing_is_followed_elsewhere(api: FakeApi, asking: Client) -> None:
    with serving() as elsewhere:
        api.fault = lambda handler: handler.status(307, "elsewhere", None, Location=f"{elsewhere.url}/apis")
        with pytest.raises(CmpolicyError, match="the cluster answers 307"):
            read(asking, rule("r", BUDGET))
        assert elsewhere.asked == []


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b"[" * 100_000, b"\xff", b'{"a": 1e999}'])
def test_what_is_no_api_server_is_told(api: FakeApi, asking: Client, body: bytes) -> None:
    api.fault = lambda handler: handler.answer(body)
    with pytest.raises(CmpolicyError, match="is not what an API server says"):
        read(asking, rule("r", BUDGET))


@pytest.mark.parametrize("page", [{"items": {}}, {"items": ["x"]}])
def test_what_is_no_list_of_objects_is_a_problem(api: FakeApi, asking: Client, page: Object) -> None:
    api.fault = lambda handler: bool(handler.asked.query) and handler.answer(page)
    _, found = read(asking, rule("r", POD))
    assert problems(found)[0].startswith("error[cluster]: `pods` in all namespaces cannot be read: what the cluster ")


def test_answers_may_be_compressed(api: FakeApi, asking: Client) -> None:
    body = gzip.compress(b'{"metadata": {}, "items": [{"metadata": {"name": "p"}}]}')
    api.fault = lambda handler: bool(handler.asked.query) and handler.answer(body, Content_Encoding="gzip")
    _, found = read(asking, rule("r", POD))
    assert names(found) == ["p"]


def test_with_namespaces_only_what_is_in_them_is_read(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, f"{name}-pod", name) for name in ("shop", "lab", "cart")] + [obj(NODE, "shop")]
    api.objects += [obj(BUDGET, f"{name}-budget", name) for name in ("shop", "cart")]
    reading, found = read(asking, rule("r", POD, NODE), looking_up("l", BUDGET), namespaces=["shop", "lab"])
    assert names(found) == ["shop-pod", "lab-pod"]
    budgets = reading.known["policy/v1/PodDisruptionBudget"]
    assert isinstance(budgets, dict)
    assert sorted(budgets) == ["", "shop"]
    assert list(reading.notes()) == ["objects of v1/Namespace are in no namespace, and with --namespace not judged"]


def test_what_is_looked_up_everywhere_is_read_everywhere(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(BUDGET, f"{name}-budget", name) for name in ("shop", "cart")]
    reading, _ = read(asking, looking_up("home", BUDGET), looking_up("all", BUDGET, None), namespaces=["shop"])
    budgets = reading.known["policy/v1/PodDisruptionBudget"]
    assert isinstance(budgets, dict)
    assert sorted(budgets) == ["", "cart", "shop"]


def test_a_namespace_that_is_not_there_is_an_error(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(POD, "p")]
    with pytest.raises(CmpolicyError, match="there is no namespace `shpo`"):
        read(asking, rule("r", POD), namespaces=["shop", "shpo"])
    api.fault = lambda handler: handler.asked.path.startswith("/api/v1/namespaces/") and (
        not handler.asked.query and handler.status(403, "no")
    )
    _, found = read(asking, rule("r", POD), namespaces=["shop"])
    assert names(found) == ["p"]


def test_only_what_rules_read_is_kept_of_what_they_look_up(api: FakeApi, asking: Client) -> None:
    api.objects = [obj(BUDGET, "b", spec={"image": "good", "large": "x"}, status={"large": "x"})]
    reading, _ = read(asking, looking_up("l", BUDGET))
    kept = obj(BUDGET, "b", spec={"image": "good"})
    assert reading.known == {"policy/v1/PodDisruptionBudget": {"": [kept], "shop": [kept]}}


def test_lists_are_kept_with_what_is_read_of_their_elements(api: FakeApi, asking: Client) -> None:
    spec = {"list": [{"c": 1, "large": "x"}, None, "text", {"large": "x"}, [1]], "other": [1]}
    api.objects = [obj(BUDGET, "b", spec=spec)]
    inner = ir.Any(LIST, "inner", ir.Exists(ir.Get(ir.Var("inner"), "c")))
    looking = ir.Any(ir.Elems(ir.Known(BUDGET)), "each", ir.And((inner, ir.Exists(ir.Get(SPEC, "other")))))
    reading, _ = read(asking, rule("r", POD, condition=looking))
    kept = obj(BUDGET, "b", spec={"list": [{"c": 1}, None, "text", {}, []], "other": [1]})
    assert reading.known == {"policy/v1/PodDisruptionBudget": {"": [kept], "shop": [kept]}}


EACH = ir.Var("each")
SPEC = ir.Get(EACH, "spec")
LIST = ir.Elems(ir.Get(SPEC, "list"))


@pytest.mark.parametrize(
    ("condition", "paths"),
    [
        (ir.Exists(EACH), {()}),
        (ir.Exists(SPEC), {("spec",)}),
        (ir.Exists(ir.Get(ir.Get(SPEC, "a"), "b")), {("spec", "a", "b")}),
        (ir.Exists(ir.Get(ir.Get(SPEC, ir.Param("key", "string", "a")), "b")), {("spec",)}),  # type: ignore[arg-type]
        (ir.Exists(ir.Get(ir.Default(ir.Get(EACH, "a"), ir.Const("x")), "b")), {("a",)}),
        (ir.Any(LIST, "inner", ir.TRUE), {("spec", "list", "[]", "")}),
        (
            ir.Any(LIST, "inner", ir.Exists(ir.Get(ir.Var("inner"), "c"))),
            {("spec", "list", "[]", ""), ("spec", "list", "[]", "c")},
        ),
        (ir.All(LIST, "inner", ir.Exists(ir.Var("inner"))), {("spec", "list", "[]", ""), ("spec", "list", "[]")}),
        (
            ir.Any(LIST, "a", ir.Any(ir.Elems(ir.Get(ir.Var("a"), "b")), "c", ir.Exists(ir.Get(ir.Var("c"), "d")))),
            {("spec", "list", "[]", ""), ("spec", "list", "[]", "b", "[]", ""), ("spec", "list", "[]", "b", "[]", "d")},
        ),
        (ir.Exists(ir.Flag(LIST, "x")), {("spec", "list")}),
        (ir.Any(ir.Elems(ir.Get(SPEC, ir.Param("key", "string", "a"))), "inner", ir.TRUE), {("spec",)}),  # type: ignore[arg-type]
        (ir.AnyEntry(ir.Get(EACH, "map"), "key", "value", ir.Exists(ir.Var("value"))), {("map",)}),
        (ir.Exists(ir.Get(ir.Obj(), "status")), set()),
    ],
)
def test_the_fields_that_a_rule_reads_are_found(condition: ir.Condition, paths: set[tuple[str, ...]]) -> None:
    naming = {("apiVersion",), ("kind",), ("metadata", "namespace"), ("metadata", "name")}
    for quantifier in (ir.Any, ir.All):
        asked = rule("r", POD, condition=quantifier(ir.Elems(ir.Known(BUDGET)), "each", condition))
        (found,) = look_ups([asked])
        assert (set(found.fields) - naming, found.everywhere) == (paths, True)
    count = ir.Count(ir.Concat((LIST, ir.Elems(ir.Known(BUDGET)))), "each", condition)
    (found,) = look_ups([rule("r", POD, condition=ir.Exists(count))])
    assert paths <= found.fields
