"""The API server's code on policies: it refuses what the server refuses, tells errors and skips, and agrees on examples."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.ir import Operation
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

from tests.engines.bundles import Bundle
from tests.engines.questions import Answer
from tests.engines.runners import WAYS, LoadRefused, Request, Runner, RunnerTrouble
from tests.sample_rules import DEPLOYMENT, NAMESPACE, OWNER, POD, PORTS, REPLICAS, container, manifest, workload

ERRING = Path(__file__).parent / "erring"
VAP = WAYS["vap"]
PASS, SKIP = Answer(Verdict.PASS), Answer(Verdict.SKIP)


@pytest.fixture(scope="module")
def loaded(binary: Callable[[str], Path], bundle: Bundle) -> Iterator[Runner]:
    """The runner with every rule: nothing else may be loaded."""
    with Runner(VAP, binary("vap-runner")) as running:
        assert running.load(bundle.folder) == sorted(rule.id for rule in bundle.carried["vap"])
        yield running


@pytest.fixture
def runner(binary: Callable[[str], Path]) -> Iterator[Runner]:
    """The runner with nothing loaded."""
    with Runner(VAP, binary("vap-runner")) as running:
        yield running


@pytest.fixture
def load(runner: Runner, tmp_path: Path) -> Callable[..., list[str]]:
    """Have the runner load a policy with these entries in its spec, and its binding with these."""

    def write_and_load(spec: JsonMap | None = None, binding: JsonMap | None = None) -> list[str]:
        path = tmp_path / "vap" / "policies" / "test.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        documents = (_document("", POLICY, spec), _document("Binding", BINDING, binding))
        path.write_text("---\n".join(map(dump, documents)), encoding="utf-8")
        return runner.load(tmp_path)

    return write_and_load


Load = Callable[..., list[str]]
DEPLOYMENTS: dict[str, Json] = {
    "apiGroups": ["apps"],
    "apiVersions": ["v1"],
    "operations": ["CREATE", "UPDATE"],
    "resources": ["deployments"],
}
POLICY: dict[str, Json] = {
    "matchConstraints": {"resourceRules": [DEPLOYMENTS]},
    "validations": [{"expression": "object.spec.replicas >= 2", "message": "more"}],
}
BINDING: dict[str, Json] = {"policyName": "test", "validationActions": ["Deny"]}


def _document(kind: str, spec: Mapping[str, Json], changes: JsonMap | None) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": f"ValidatingAdmissionPolicy{kind}",
        "metadata": {"name": "test"},
        "spec": {**spec, **(changes or {})},
    }


def deployment(replicas: Json, **metadata: Json) -> JsonMap:
    return manifest(DEPLOYMENT, "app", {"spec": {"replicas": replicas}}, **metadata)


def test_a_creation_has_no_old_object(loaded: Runner) -> None:
    new, old = (manifest(NAMESPACE, "team", {}, labels={"owner": value}) for value in ("b", "a"))
    assert loaded.ask([Request(OWNER.id, new, old)]) == [PASS]


def test_objects_of_other_kinds_and_versions_are_skipped(loaded: Runner) -> None:
    bad = REPLICAS.about.bad[0].object
    others: list[JsonMap] = [{**bad, "kind": "StatefulSet"}, {**bad, "apiVersion": "apps/v1beta1"}, {**bad, "kind": ""}]
    odd: list[JsonMap] = [{**bad, "apiVersion": "a/b/c"}, {**bad, "apiVersion": "v1"}, {**bad, "kind": "deployment"}]
    asked = [Request(REPLICAS.id, each) for each in (*others, *odd, *(each.object for each in OWNER.about.bad))]
    assert set(loaded.ask(asked)) == {SKIP}


@pytest.mark.parametrize(
    ("kind", "verdict"), [("Certificate", "fail"), ("certificate", "skip"), ("CERTIFICATE", "skip"), ("Cert", "skip")]
)
def test_kinds_of_other_groups_are_told_by_their_names(runner: Runner, load: Load, kind: str, verdict: str) -> None:
    rule = {**DEPLOYMENTS, "apiGroups": ["cert-manager.io"], "resources": ["certificates"]}
    load({"matchConstraints": {"resourceRules": [rule]}, "validations": [{"expression": "false"}]})
    certificate: JsonMap = {"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": {"name": "a"}}
    (answer,) = runner.ask([Request("test", certificate)])
    assert answer.verdict == verdict


@pytest.mark.parametrize("given", [pytest.param(False, id="null"), pytest.param(True, id="the_old_object")])
def test_a_deletion_is_skipped(loaded: Runner, given: bool) -> None:
    bad = REPLICAS.about.bad[0].object
    assert loaded.ask([Request(REPLICAS.id, bad if given else None, bad, Operation.DELETE)]) == [SKIP]


def test_subresources_are_skipped_but_for_debug_containers(loaded: Runner) -> None:
    bad = REPLICAS.about.bad[0].object
    pod = workload(POD, {"containers": [container(ports=[{"hostPort": 1}, {"hostPort": 2}])]})
    asked = [Request(REPLICAS.id, bad, bad, Operation.UPDATE, part) for part in ("", "scale", "status")]
    debugged = Request(PORTS.id, pod, pod, Operation.UPDATE, "ephemeralcontainers")
    verdicts = [answer.verdict for answer in loaded.ask([*asked, debugged])]
    assert verdicts == [Verdict.FAIL, Verdict.SKIP, Verdict.SKIP, Verdict.FAIL]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"metadata": {"name": "app", "labels": 5, "namespace": 7, "annotations": [None]}}, id="metadata"),
        pytest.param({"metadata": {"name": "app"}, "Kind": 5, "APIVERSION": None}, id="keys_in_other_case"),
        pytest.param({"spec": []}, id="spec_is_a_list"),
        pytest.param({"spec": None, "status": None, "metadata": {"name": "app", "labels": None}}, id="nulls"),
    ],
)
def test_odd_objects_are_judged(loaded: Runner, changed: JsonMap) -> None:
    odd = {**REPLICAS.about.bad[0].object, **changed}
    expected = judge(REPLICAS, odd)
    verdict = Verdict.PASS if expected.verdict is Verdict.SKIP else expected.verdict
    assert loaded.ask([Request(REPLICAS.id, odd)]) == [Answer(verdict, expected.message)]


def test_what_cannot_be_evaluated_is_an_error(runner: Runner) -> None:
    assert runner.load(ERRING) == ["erring"]
    without = manifest(DEPLOYMENT, "app", {"spec": {}})
    bad, good, other = runner.ask(
        [Request("erring", each) for each in (without, deployment(2), OWNER.about.bad[0].object)]
    )
    assert (bad.verdict, good, other) == (Verdict.ERROR, PASS, SKIP)
    assert "no such key: replicas" in bad.message


@pytest.mark.parametrize("failure_policy", ["Fail", "Ignore"])
@pytest.mark.parametrize("actions", [["Deny"], ["Warn", "Audit"]], ids=["deny", "warn"])
def test_what_the_binding_makes_of_a_verdict_does_not_change_it(
    runner: Runner, load: Load, failure_policy: str, actions: list[Json]
) -> None:
    load({"failurePolicy": failure_policy}, {"validationActions": actions})
    answers = runner.ask([Request("test", deployment(replicas)) for replicas in (2, 2.5, 1, None)])
    assert [answer.verdict for answer in answers] == [Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.ERROR]
    assert answers[2].message == "more"


@pytest.mark.parametrize("failure_policy", ["Fail", "Ignore"])
def test_match_conditions_skip_and_can_err(runner: Runner, load: Load, failure_policy: str) -> None:
    labeled = {"name": "labeled", "expression": "object.metadata.labels.a == 'b'"}
    load({"failurePolicy": failure_policy, "matchConditions": [labeled]})
    answers = runner.ask([Request("test", deployment(3, labels=labels)) for labels in ({"a": "b"}, {"a": "c"}, {})])
    assert [answer.verdict for answer in answers] == [Verdict.PASS, Verdict.SKIP, Verdict.ERROR]


def test_a_policy_without_a_binding_that_matches_is_not_in_force(runner: Runner, load: Load) -> None:
    pods = {**DEPLOYMENTS, "apiGroups": [""], "resources": ["pods"]}
    load({}, {"matchResources": {"resourceRules": [pods]}})
    assert runner.ask([Request("test", deployment(1))]) == [SKIP]
    load({}, {"policyName": "other"})
    assert runner.ask([Request("test", deployment(1))]) == [SKIP]


def test_the_namespace_of_an_object_exists(runner: Runner, load: Load) -> None:
    rule = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "a"}}, "resourceRules": [DEPLOYMENTS]}
    load({"matchConstraints": rule})
    answers = runner.ask([Request("test", deployment(1, namespace=name)) for name in ("a", "b")])
    assert [answer.verdict for answer in answers] == [Verdict.FAIL, Verdict.SKIP]


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        pytest.param("object.spec.replicas == 4503599627370497 && type(object.spec.replicas) == int", "pass", id="int"),
        pytest.param("dyn(object.spec.replicas) == 'x'", "fail", id="other_type"),
        pytest.param("object.spec.none == 1", "error", id="not_there"),
        pytest.param(
            "request.operation == 'CREATE' && request.resource.resource == 'deployments'", "pass", id="request"
        ),
        pytest.param(
            "request.namespace == 'sample' && namespaceObject.metadata.name == 'sample'", "pass", id="namespace"
        ),
        pytest.param("oldObject == null", "pass", id="no_old_object"),
    ],
)
def test_an_expression_sees_what_the_server_gives_it(runner: Runner, load: Load, expression: str, verdict: str) -> None:
    load({"validations": [{"expression": expression}]})
    (answer,) = runner.ask([Request("test", deployment(4503599627370497, namespace="sample"))])
    assert answer.verdict == verdict


def test_the_cost_budget_of_the_server_is_kept(runner: Runner, load: Load) -> None:
    pairs = "object.spec.list.all(a, object.spec.list.all(b, a == b))"
    load({"validations": [{"expression": pairs}]})
    objects = [manifest(DEPLOYMENT, "app", {"spec": {"list": [0] * length}}) for length in (3, 3000)]
    few, many = runner.ask([Request("test", each) for each in objects])
    assert (few, many.verdict) == (PASS, Verdict.ERROR)
    assert "cost limit exceeded" in many.message


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        pytest.param("'has ' + string(object.spec.replicas)", "has 1", id="text"),
        pytest.param("'two\\nlines'", "more", id="lines"),
        pytest.param("string(object.spec.none)", "more", id="error"),
        pytest.param("' '", "more", id="blank"),
    ],
)
def test_the_message_is_the_one_that_the_server_shows(runner: Runner, load: Load, message: str, shown: str) -> None:
    validation = {"expression": "object.spec.replicas >= 2", "message": "more", "messageExpression": message}
    load({"validations": [validation]})
    assert runner.ask([Request("test", deployment(1))]) == [Answer(Verdict.FAIL, shown)]


def test_an_error_beside_a_failure_is_an_error(runner: Runner, load: Load) -> None:
    false, erring = {"expression": "false", "message": "no"}, {"expression": "object.spec.none == 1"}
    for validations in ([false, erring], [erring, false]):
        load({"validations": validations})
        (answer,) = runner.ask([Request("test", deployment(1))])
        assert answer.verdict is Verdict.ERROR


@pytest.mark.parametrize(
    ("spec", "binding", "said"),
    [
        pytest.param({"validations": [{"expression": "1 +"}]}, {}, "Syntax error", id="syntax"),
        pytest.param({"validations": [{"expression": "object.a.b()"}]}, {}, "undeclared reference", id="function"),
        pytest.param({"validations": [{"expression": "'a'"}]}, {}, "must evaluate to bool", id="type"),
        pytest.param({"variables": [{"name": "a", "expression": "b"}]}, {}, "undeclared reference", id="variable"),
        pytest.param(
            {"validations": [{"expression": "true", "messageExpression": "1"}]},
            {},
            "must evaluate to string",
            id="message",
        ),
        pytest.param(
            {"matchConditions": [{"name": "m", "expression": "1"}]}, {}, "must evaluate to bool", id="condition"
        ),
        pytest.param({"unknown": 1}, {}, 'unknown field "spec.unknown"', id="field"),
        pytest.param({"validations": {}}, {}, "cannot unmarshal", id="shape"),
        pytest.param({"validations": []}, {}, "validations", id="nothing_to_do"),
        pytest.param({"failurePolicy": "Warn"}, {}, "supported values", id="failure_policy"),
        pytest.param({"matchConstraints": None}, {}, "Required value", id="no_match"),
        pytest.param({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}}, {}, "paramKind", id="parameter"),
        pytest.param({}, {"validationActions": []}, "validationActions", id="no_action"),
        pytest.param({}, {"validationActions": ["Deny", "Warn"]}, "validationActions", id="actions"),
        pytest.param({}, {"unknown": 1}, 'unknown field "spec.unknown"', id="field_of_the_binding"),
    ],
)
def test_what_the_server_would_not_store_is_refused(load: Load, spec: JsonMap, binding: JsonMap, said: str) -> None:
    with pytest.raises(LoadRefused, match=said):
        load(spec, binding)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: b\n", "'Kind' is missing", id="no_object"),
        pytest.param(
            dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}), 'no kind "Pod"', id="other_kind"
        ),
        pytest.param(
            dump(_document("", POLICY, {})) + "metadata: {name: again}\n", '"metadata" already set', id="key_twice"
        ),
        pytest.param("---\n".join([dump(_document("", POLICY, {}))] * 2), "test is there twice", id="policy_twice"),
        pytest.param(dump(_document("Binding", BINDING, {})), "holds no policy", id="no_policy"),
        pytest.param("", "holds no policy", id="empty"),
    ],
)
def test_a_file_of_something_else_is_refused(runner: Runner, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "vap" / "policies" / "file.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LoadRefused, match=said):
        runner.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(runner: Runner, tmp_path: Path) -> None:
    with pytest.raises(LoadRefused, match="policies"):
        runner.load(tmp_path)


def test_a_load_that_fails_leaves_nothing(runner: Runner, load: Load) -> None:
    assert load() == ["test"]
    with pytest.raises(LoadRefused):
        load({"unknown": 1})
    with pytest.raises(RunnerTrouble, match="nothing is loaded"):
        runner.ask([Request("test", deployment(1))])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "no request", id="no_json"),
        pytest.param('{"rules": "test"}', 'unknown field "rules"', id="field"),
        pytest.param('{"rule": "test", "object": []}', "no request", id="object_is_no_map"),
        pytest.param('{"rule": "test", "object": {}, "operation": "CONNECT"}', "no operation", id="operation"),
        pytest.param('{"rule": "test", "old": {}, "operation": "CREATE"}', "CREATE without the object", id="no_object"),
        pytest.param('{"rule": "other", "object": {}, "operation": "CREATE"}', 'no policy "other"', id="policy"),
    ],
)
def test_a_line_that_is_no_request_ends_the_runner(binary: Callable[[str], Path], line: str, said: str) -> None:
    """What was asked before it is answered."""
    lines = f'{{"load": "{ERRING / "vap"}"}}\n{line}\n'
    result = subprocess.run([binary("vap-runner")], input=lines, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, '{"loaded":["erring"]}\n')
    assert said in result.stderr
