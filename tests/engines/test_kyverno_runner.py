"""Kyverno's own packages: the runner takes what the command line takes, and judges as a cluster does, on request and in a scan."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.ir import Operation, Rule
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

from tests.engines.bundles import Bundle
from tests.engines.questions import Answer, Question, everything, examples, reference
from tests.engines.runners import WAYS, LoadRefused, Request, Runner, RunnerTrouble, Way
from tests.engines.volume import is_judged
from tests.sample_rules import DEPLOYMENT, NAMESPACE, OWNER, POD, PORTS, REPLICAS, container, manifest, workload

HERE = Path(__file__).resolve().parent
CLUSTER, CLUSTER_SCAN = WAYS["kyverno"], WAYS["kyverno-background"]
VALIDATING, VALIDATING_SCAN = WAYS["kyverno-cel"], WAYS["kyverno-cel-background"]
ALL = (CLUSTER, CLUSTER_SCAN, VALIDATING, VALIDATING_SCAN)
PASS, SKIP = Answer(Verdict.PASS), Answer(Verdict.SKIP)
BAD = REPLICAS.about.bad[0].object


@pytest.fixture(scope="module", params=ALL, ids=lambda way: way.name)
def runner(request: pytest.FixtureRequest, binary: Callable[[str], Path]) -> Iterator[Runner]:
    """A runner of each way, for tests that load something."""
    with Runner(request.param, binary("kyverno-runner")) as running:
        yield running


@pytest.fixture(scope="module", params=ALL, ids=lambda way: way.name)
def loaded(request: pytest.FixtureRequest, binary: Callable[[str], Path], bundle: Bundle) -> Iterator[Runner]:
    """A runner of each way, with every rule loaded: nothing else may be."""
    with Runner(request.param, binary("kyverno-runner")) as running:
        assert running.load(bundle.folder) == sorted(rule.id for rule in bundle.carried[running.way.target])
        yield running


@pytest.fixture(scope="module", params=[CLUSTER, VALIDATING], ids=lambda way: way.name)
def webhook(request: pytest.FixtureRequest, binary: Callable[[str], Path], bundle: Bundle) -> Iterator[Runner]:
    """A runner of each way that can be asked about requests, with every rule loaded."""
    with Runner(request.param, binary("kyverno-runner")) as running:
        running.load(bundle.folder)
        yield running


def cluster_policy(rule: JsonMap, **spec: Json) -> dict[str, Any]:
    """A ClusterPolicy on Deployments whose rule validates with these fields."""
    kinds: JsonMap = {"kinds": ["apps/v1/Deployment"], "operations": ["CREATE"]}
    validated = {"name": "constant", "match": {"any": [{"resources": kinds}]}, "validate": rule}
    metadata = {"name": "constant", "annotations": {"pod-policies.kyverno.io/autogen-controllers": "none"}}
    return {
        "apiVersion": "kyverno.io/v1",
        "kind": "ClusterPolicy",
        "metadata": metadata,
        "spec": {"rules": [validated], **spec},
    }


def validating_policy(validation: JsonMap, **spec: Json) -> dict[str, Any]:
    """A ValidatingPolicy on Deployments with this validation."""
    matched: JsonMap = {
        "apiGroups": ["apps"],
        "apiVersions": ["v1"],
        "operations": ["CREATE"],
        "resources": ["deployments"],
    }
    constraints: JsonMap = {"resourceRules": [matched]}
    return {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": "constant"},
        "spec": {"matchConstraints": constraints, "validations": [validation], **spec},
    }


def policy(way: Way, expression: str = "false", message: str = "no") -> dict[str, Any]:
    """A policy of the way's type on Deployments, by a CEL expression."""
    validation: JsonMap = {"expression": expression, "message": message}
    if way.target == "kyverno-cel":
        return validating_policy(validation)
    return cluster_policy({"cel": {"expressions": [validation]}})


def write(folder: Path, way: Way, files: Mapping[str, str]) -> Path:
    """The files of `policies/` below the way's folder in `folder`, which is returned."""
    for name, text in files.items():
        path = folder / way.target / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def load(runner: Runner, folder: Path, document: Mapping[str, Any]) -> None:
    assert runner.load(write(folder, runner.way, {"constant.yaml": dump(document)})) == ["constant"]


def deployment(replicas: Json = None) -> JsonMap:
    return manifest(DEPLOYMENT, "app", {"spec": {"replicas": replicas}})


def expected(way: Way, question: Question) -> Answer:
    """The reference's word; a policy that needs a request is not among those that are scanned."""
    judgement = reference(question)
    return Answer(judgement.verdict, judgement.message) if is_judged(way, question.rule) else SKIP


def put(
    rule: Rule, manifest: Json, old: Json = None, operation: Operation = Operation.CREATE, sub: str = ""
) -> Request:
    return Request(rule.id, manifest, old, operation, sub)


def test_only_the_policy_that_is_named_judges(loaded: Runner, bundle: Bundle) -> None:
    carried = bundle.carried[loaded.way.target]
    first = [question for question in examples(carried) if question.label == "bad[0]"]
    asked = everything(carried[:10], first[::4])
    answers = loaded.ask([put(question.rule, question.manifest) for question in asked])
    assert answers == [expected(loaded.way, question) for question in asked]
    assert {answer.verdict for answer in answers} == {Verdict.PASS, Verdict.FAIL, Verdict.SKIP}


def test_a_scan_leaves_out_what_needs_a_request(loaded: Runner) -> None:
    verdict = Verdict.FAIL if loaded.way.request else Verdict.SKIP
    (answer,) = loaded.ask([put(OWNER, OWNER.about.bad[0].object)])
    assert answer.verdict is verdict


@pytest.mark.parametrize("given", [pytest.param(False, id="null"), pytest.param(True, id="the_old_object")])
def test_a_deletion_is_skipped(webhook: Runner, given: bool) -> None:
    (answer,) = webhook.ask([put(REPLICAS, BAD if given else None, BAD, Operation.DELETE)])
    assert answer == SKIP


def test_scale_and_status_are_skipped(webhook: Runner) -> None:
    requests = [put(REPLICAS, BAD, BAD, Operation.UPDATE, sub) for sub in ("", "scale", "status")]
    whole, scale, status = webhook.ask(requests)
    assert (whole.verdict, scale, status) == (Verdict.FAIL, SKIP, SKIP)


def test_a_debug_container_comes_in_with_the_whole_pod(webhook: Runner) -> None:
    pod = workload(POD, {"containers": [container(ports=[{"hostPort": 1}, {"hostPort": 2}])]})
    (answer,) = webhook.ask([put(PORTS, pod, pod, Operation.UPDATE, "ephemeralcontainers")])
    assert answer.verdict is Verdict.FAIL


def test_objects_of_other_kinds_are_skipped(loaded: Runner) -> None:
    stateful = {**BAD, "kind": "StatefulSet"}
    elsewhere = {**BAD, "apiVersion": "example.dev/v1"}
    older = {**BAD, "apiVersion": "apps/v1beta1"}
    misspelled = [{**BAD, "kind": kind} for kind in ("deployment", "DEPLOYMENT", "DeployMent")]
    others = (stateful, elsewhere, older, *misspelled, *(each.object for each in OWNER.about.bad))
    answers = loaded.ask([put(REPLICAS, each) for each in others])
    assert set(answers) == {SKIP}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"metadata": {"name": "app", "labels": 5, "namespace": 7, "annotations": [None]}}, id="metadata"),
        pytest.param({"metadata": {"name": "app"}, "Kind": 5, "APIVERSION": None}, id="keys_in_other_case"),
        pytest.param({"spec": []}, id="spec_is_a_list"),
        pytest.param({"spec": None, "status": None, "metadata": {"name": "app", "labels": None}}, id="nulls"),
        pytest.param({"items": [{}], "spec": {"replicas": 10**30}}, id="items"),
    ],
)
def test_odd_objects_are_judged(loaded: Runner, changed: JsonMap) -> None:
    odd = {**BAD, **changed}
    (answer,) = loaded.ask([put(REPLICAS, odd)])
    judgement = judge(REPLICAS, odd)
    verdict = Verdict.PASS if judgement.verdict is Verdict.SKIP else judgement.verdict
    assert answer == Answer(verdict, judgement.message)


def test_what_cannot_be_evaluated_is_an_error(runner: Runner) -> None:
    assert runner.load(HERE / "erring") == ["erring"]
    odd = (deployment(2), manifest(DEPLOYMENT, "app", {}), workload(POD, {"containers": []}))
    good, broken, other = runner.ask([Request("erring", each) for each in odd])
    assert (good, broken.verdict, other) == (PASS, Verdict.ERROR, SKIP)
    assert "no such key: spec" in broken.message


@pytest.mark.parametrize(
    "message",
    [
        "expression 'false' resulted in error: no such key: x",
        "compilation error: x",
        "failed to evaluate message expression: x",
        '<b>&amp; %s "quoted" \\',
    ],
)
def test_a_message_that_reads_like_an_error_is_a_message(runner: Runner, tmp_path: Path, message: str) -> None:
    load(runner, tmp_path, policy(runner.way, message=message))
    assert runner.ask([Request("constant", deployment())]) == [Answer(Verdict.FAIL, message)]


@pytest.mark.parametrize("way", [CLUSTER, CLUSTER_SCAN], ids=lambda way: way.name)
def test_code_that_does_not_compile_is_an_error_of_every_object(
    binary: Callable[[str], Path], tmp_path: Path, way: Way
) -> None:
    """Kyverno takes a ClusterPolicy without compiling it."""
    with Runner(way, binary("kyverno-runner")) as runner:
        load(runner, tmp_path, policy(way, expression="1 +"))
        (answer,) = runner.ask([Request("constant", deployment())])
    assert answer.verdict is Verdict.ERROR
    assert "compilation error" in answer.message


@pytest.mark.parametrize(("way", "verdict"), [(CLUSTER, Verdict.FAIL), (CLUSTER_SCAN, Verdict.ERROR)])
def test_jmespath_knows_the_numbers_of_a_request_alone(
    binary: Callable[[str], Path], tmp_path: Path, way: Way, verdict: Verdict
) -> None:
    """They are float64 in a request and int64 in a scan, which JMESPath does not take for a number."""
    condition: JsonMap = {
        "key": "{{ type(request.object.spec.replicas) }}",
        "operator": "Equals",
        "value": "number",
    }
    denied = cluster_policy({"message": "no", "deny": {"conditions": {"all": [condition]}}}, background=True)
    with Runner(way, binary("kyverno-runner")) as runner:
        load(runner, tmp_path, denied)
        (answer,) = runner.ask([Request("constant", deployment(3))])
    assert answer.verdict is verdict


def test_a_panic_of_the_engine_is_an_error_and_no_end(binary: Callable[[str], Path], tmp_path: Path) -> None:
    """Kyverno takes any message for text, after a variable may have made a number of it."""
    rule: JsonMap = {"message": "{{ request.object.spec.replicas }}", "pattern": {"spec": {"replicas": ">5"}}}
    with Runner(CLUSTER, binary("kyverno-runner")) as runner:
        load(runner, tmp_path, cluster_policy(rule))
        broken, good = runner.ask([Request("constant", deployment(count)) for count in (3, 6)])
    assert (broken.verdict, good) == (Verdict.ERROR, PASS)
    assert "panic: interface conversion" in broken.message


@pytest.mark.parametrize(("way", "off"), [(CLUSTER, "admission"), (CLUSTER_SCAN, "background")])
def test_a_cluster_policy_that_is_switched_off_is_skipped(
    binary: Callable[[str], Path], tmp_path: Path, way: Way, off: str
) -> None:
    rule: JsonMap = {"cel": {"expressions": [{"expression": "false", "message": "no"}]}}
    with Runner(way, binary("kyverno-runner")) as runner:
        load(runner, tmp_path, cluster_policy(rule, **{off: False}))
        assert runner.ask([Request("constant", deployment())]) == [SKIP]


@pytest.mark.parametrize(("way", "off"), [(VALIDATING, "admission"), (VALIDATING_SCAN, "background")])
def test_a_validating_policy_that_is_switched_off_is_skipped(
    binary: Callable[[str], Path], tmp_path: Path, way: Way, off: str
) -> None:
    spec: JsonMap = {off: {"enabled": False}}
    with Runner(way, binary("kyverno-runner")) as runner:
        load(runner, tmp_path, validating_policy({"expression": "false", "message": "no"}, evaluation=spec))
        assert runner.ask([Request("constant", deployment())]) == [SKIP]


def test_code_that_does_not_compile_is_not_loaded(binary: Callable[[str], Path], tmp_path: Path) -> None:
    with Runner(VALIDATING, binary("kyverno-runner")) as runner, pytest.raises(LoadRefused, match="Syntax error"):
        load(runner, tmp_path, policy(VALIDATING, expression="1 +"))


def test_what_the_webhook_for_policies_refuses_is_not_loaded(binary: Callable[[str], Path], tmp_path: Path) -> None:
    """An element where there is no loop: the command line skips such a policy and goes on."""
    rule: JsonMap = {"message": "{{ element.name }}", "pattern": {"spec": {"replicas": ">5"}}}
    with Runner(CLUSTER, binary("kyverno-runner")) as runner, pytest.raises(LoadRefused, match=r"element\.name"):
        load(runner, tmp_path, cluster_policy(rule))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("more.yaml", "a: [", "yaml", id="no_yaml"),
        pytest.param("more.yaml", "", "0 documents", id="empty_file"),
        pytest.param("more.yaml", dump(manifest(NAMESPACE, "team", {})), "not supported", id="no_policy"),
        pytest.param("more.yaml", "{other}", "1 documents, but 0 policies", id="policy_of_another_type"),
        pytest.param("more.yaml", "{policy}", "two policies", id="policy_twice"),
        pytest.param("more.yaml", "{unknown}", "unknown field", id="unknown_field"),
        pytest.param("more.yaml", "{wrong}", "failurePolicy", id="wrong_value"),
        pytest.param("more.txt", "{policy}", "0 policies", id="extension"),
        pytest.param(".more.yaml", "{policy}", "0 policies", id="hidden"),
    ],
)
def test_files_that_are_broken_or_passed_over_are_not_loaded(
    runner: Runner, tmp_path: Path, name: str, text: str, said: str
) -> None:
    own = policy(runner.way)
    other = policy(CLUSTER if runner.way.target == "kyverno-cel" else VALIDATING)
    texts = {
        "{policy}": own,
        "{other}": other,
        "{unknown}": {**own, "spec": {**own["spec"], "unknown": 1}},
        "{wrong}": {**own, "spec": {**own["spec"], "failurePolicy": "Perhaps"}},
    }
    written = dump(texts[text]) if text in texts else text
    with pytest.raises(LoadRefused, match=said):
        runner.load(write(tmp_path, runner.way, {"constant.yaml": dump(own), name: written}))


def test_a_load_replaces_what_was_loaded(runner: Runner, tmp_path: Path) -> None:
    load(runner, tmp_path, policy(runner.way))
    assert runner.load(HERE / "erring") == ["erring"]


def test_a_failed_load_leaves_nothing(binary: Callable[[str], Path], tmp_path: Path) -> None:
    with Runner(VALIDATING, binary("kyverno-runner")) as runner:
        runner.load(HERE / "erring")
        with pytest.raises(LoadRefused, match="no such file"):
            runner.load(tmp_path / "nowhere")
        with pytest.raises(RunnerTrouble, match='no policy "erring" is loaded'):
            runner.ask([Request("erring", deployment())])


@pytest.mark.parametrize("way", [CLUSTER_SCAN, VALIDATING_SCAN], ids=lambda way: way.name)
def test_a_scan_cannot_be_asked_about_an_update(binary: Callable[[str], Path], way: Way) -> None:
    with Runner(way, binary("kyverno-runner")) as runner:
        runner.load(HERE / "erring")
        with pytest.raises(RunnerTrouble, match="a background scan knows no operation"):
            runner.ask([Request("erring", deployment(), deployment(), Operation.UPDATE)])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "unexpected EOF", id="no_json"),
        pytest.param("{} {}", "more than one question", id="two_questions"),
        pytest.param('{"rule": "erring", "objects": {}}', "unknown field", id="unknown_field"),
        pytest.param('{"rule": "other", "object": {}}', "no policy", id="unknown_policy"),
        pytest.param('{"rule": "erring", "object": {}, "operation": "CREATE"}', "lacks apiVersion", id="no_identity"),
        pytest.param('{"rule": "erring", "object": {}, "operation": "READ"}', 'no "READ" request', id="operation"),
        pytest.param(
            '{"rule": "erring", "object": null, "operation": "CREATE"}', 'no "CREATE" request', id="no_object"
        ),
        pytest.param('{"rule": "erring", "object": {}, "operation": "UPDATE"}', 'no "UPDATE" request', id="no_old"),
    ],
)
def test_a_question_that_is_none_ends_the_runner(binary: Callable[[str], Path], line: str, said: str) -> None:
    lines = f'{{"load": "{HERE / "erring" / VALIDATING.target}"}}\n{line}\n'
    result = _run(binary("kyverno-runner"), VALIDATING.options, lines)
    assert (result.returncode, result.stdout) == (1, '{"loaded":["erring"]}\n')
    assert said in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param((), "not cluster or validating", id="none"),
        pytest.param(("--policy=both",), "not cluster or validating", id="unknown"),
        pytest.param(("--policy=cluster", "more"), "unexpected argument", id="more"),
    ],
)
def test_the_type_of_policy_is_named(binary: Callable[[str], Path], options: tuple[str, ...], said: str) -> None:
    result = _run(binary("kyverno-runner"), options, "")
    assert (result.returncode, result.stdout) == (1, "")
    assert said in result.stderr


def _run(binary: Path, options: tuple[str, ...], lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([binary, *options], input=lines, capture_output=True, text=True, timeout=60, check=False)
