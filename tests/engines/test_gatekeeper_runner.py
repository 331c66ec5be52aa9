"""Gatekeeper's own packages: the runner takes what gator takes, tells errors from verdicts, and judges as the webhook does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.ir import Operation
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

from tests.engines.bundles import Bundle
from tests.engines.questions import Answer
from tests.engines.runners import WAYS, LoadRefused, Request, Runner, RunnerTrouble, Way
from tests.sample_rules import DEPLOYMENT, OWNER, POD, PORTS, REPLICAS, container, manifest, workload

HERE = Path(__file__).resolve().parent
CEL, REGO = WAYS["gatekeeper-cel"], WAYS["gatekeeper-rego"]
PASS, SKIP = Answer(Verdict.PASS), Answer(Verdict.SKIP)


@pytest.fixture(params=[CEL, REGO], ids=lambda way: way.name)
def runner(request: pytest.FixtureRequest, binary: Callable[[str], Path]) -> Iterator[Runner]:
    """A runner of each way, with nothing loaded."""
    with Runner(request.param, binary("gatekeeper-runner")) as running:
        yield running


@pytest.fixture(scope="module", params=[CEL, REGO], ids=lambda way: way.name)
def loaded(request: pytest.FixtureRequest, binary: Callable[[str], Path], bundle: Bundle) -> Iterator[Runner]:
    """A runner of each way, with every rule loaded: nothing else may be."""
    with Runner(request.param, binary("gatekeeper-runner")) as running:
        assert running.load(bundle.folder) == sorted(rule.id for rule in bundle.carried["gatekeeper"])
        yield running


@dataclass(frozen=True, slots=True)
class Files:
    """A template that denies Deployments by constant code, and its constraint."""

    expressions: tuple[str, ...] = ("false",)
    message: str = "no"
    source: tuple[tuple[str, Json], ...] = ()
    """More fields of the CEL code."""
    spec: tuple[tuple[str, Json], ...] = ()
    """Fields of the constraint's spec in place of these."""
    kind: str = "Constant"
    """The kind of the constraint."""

    def template(self) -> dict[str, Any]:
        validations: list[Json] = [{"expression": each, "message": self.message} for each in self.expressions]
        cel: JsonMap = {"failurePolicy": "Fail", "validations": validations, **dict(self.source)}
        elements = json.dumps([{"msg": self.message, "details": index} for index in range(len(validations))])
        rego = f"package constant\n\nviolation contains element if some element in {elements}\n"
        code: list[Json] = [
            {"engine": "K8sNativeValidation", "source": cel},
            {"engine": "Rego", "source": {"version": "v1", "rego": rego}},
        ]
        return {
            "apiVersion": "templates.gatekeeper.sh/v1",
            "kind": "ConstraintTemplate",
            "metadata": {"name": "constant"},
            "spec": {
                "crd": {"spec": {"names": {"kind": "Constant"}}},
                "targets": [{"target": "admission.k8s.gatekeeper.sh", "code": code}],
            },
        }

    def constraint(self) -> dict[str, Any]:
        match: JsonMap = {"kinds": [{"apiGroups": ["apps"], "kinds": ["Deployment"]}]}
        return {
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": self.kind,
            "metadata": {"name": "constant"},
            "spec": {"enforcementAction": "deny", "match": match, **dict(self.spec)},
        }

    def write(self, folder: Path) -> Path:
        """The files below `folder`, which is returned."""
        for part, document in (("templates", self.template()), ("constraints", self.constraint())):
            path = folder / "gatekeeper" / part / "constant.yaml"
            path.parent.mkdir(parents=True)
            path.write_text(dump(document), encoding="utf-8")
        return folder


def deployment(replicas: Json = None) -> JsonMap:
    return manifest(DEPLOYMENT, "app", {"spec": {"replicas": replicas}})


POD_ALONE = workload(POD, {"containers": []})
OTHER = {**Files(kind="Other").constraint(), "metadata": {"name": "other"}}


def scoped(point: str) -> tuple[tuple[str, Json], ...]:
    actions: list[Json] = [{"action": "deny", "enforcementPoints": [{"name": point}]}]
    return ("enforcementAction", "scoped"), ("scopedEnforcementActions", actions)


def test_objects_of_other_kinds_are_skipped(loaded: Runner) -> None:
    stateful = {**REPLICAS.about.bad[0].object, "kind": "StatefulSet"}
    elsewhere = {**REPLICAS.about.bad[0].object, "apiVersion": "example.dev/v1"}
    asked = [Request(REPLICAS.id, each) for each in (stateful, elsewhere, *(each.object for each in OWNER.about.bad))]
    assert set(loaded.ask(asked)) == {SKIP}


def test_another_version_of_a_kind_is_looked_at_and_passes(loaded: Runner) -> None:
    """Gatekeeper matches no versions; the template tests them."""
    older = {**REPLICAS.about.bad[0].object, "apiVersion": "apps/v1beta1"}
    assert loaded.ask([Request(REPLICAS.id, older)]) == [PASS]


def test_a_scale_is_another_object_and_of_the_status_the_webhook_hears_nothing(loaded: Runner) -> None:
    bad = REPLICAS.about.bad[0].object
    asked = [Request(REPLICAS.id, bad, bad, Operation.UPDATE, subresource) for subresource in ("", "scale", "status")]
    whole, scale, status = loaded.ask(asked)
    assert (whole.verdict, scale, status) == (Verdict.FAIL, SKIP, SKIP)


def test_a_debug_container_comes_in_with_the_whole_pod(loaded: Runner) -> None:
    pod = workload(POD, {"containers": [container(ports=[{"hostPort": 1}, {"hostPort": 2}])]})
    asked = Request(PORTS.id, pod, pod, Operation.UPDATE, "ephemeralcontainers")
    (answer,) = loaded.ask([asked])
    assert answer.verdict is Verdict.FAIL


@pytest.mark.parametrize("given", [pytest.param(False, id="null"), pytest.param(True, id="the_old_object")])
def test_a_deletion_is_looked_at_and_passes(loaded: Runner, given: bool) -> None:
    """Gatekeeper judges the old object as if it were new, which the template does not follow."""
    bad = REPLICAS.about.bad[0].object
    assert loaded.ask([Request(REPLICAS.id, bad if given else None, bad, Operation.DELETE)]) == [PASS]


def test_a_deletion_without_the_old_object_is_an_error(loaded: Runner) -> None:
    (answer,) = loaded.ask([Request(REPLICAS.id, REPLICAS.about.bad[0].object, None, Operation.DELETE)])
    assert answer.verdict is Verdict.ERROR
    assert "oldObject cannot be nil" in answer.message


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
    assert runner.load(HERE / "erring") == ["erring"]
    bad, good, other = runner.ask(
        [Request("erring", each) for each in (manifest(DEPLOYMENT, "app", {}), deployment(2), POD_ALONE)]
    )
    assert (bad.verdict, good, other) == (Verdict.ERROR, PASS, SKIP)
    assert ("no such key: spec" if runner.way is CEL else "eval_conflict_error") in bad.message


def test_code_that_does_not_compile_is_an_error(binary: Callable[[str], Path], tmp_path: Path) -> None:
    """Gatekeeper takes CEL that does not compile, and then denies everything."""
    with Runner(CEL, binary("gatekeeper-runner")) as runner:
        runner.load(Files(expressions=("1 +",)).write(tmp_path))
        (answer,) = runner.ask([Request("constant", deployment())])
    assert answer.verdict is Verdict.ERROR
    assert "compilation error" in answer.message


def test_two_violations_of_one_constraint_are_an_error(runner: Runner, tmp_path: Path) -> None:
    runner.load(Files(expressions=("false", "1 == 2")).write(tmp_path))
    assert runner.ask([Request("constant", deployment())]) == [Answer(Verdict.ERROR, "2 violations: no; no")]


@pytest.mark.parametrize(
    "message",
    [
        "expression 'false' resulted in error: no such key: x",
        "compilation error: x",
        "template:5: eval_conflict_error: x",
        '<b>&amp; {{ x }} %s "quoted" \\',
    ],
)
def test_a_message_that_reads_like_an_error_is_a_message(runner: Runner, tmp_path: Path, message: str) -> None:
    runner.load(Files(message=message).write(tmp_path))
    assert runner.ask([Request("constant", deployment())]) == [Answer(Verdict.FAIL, message)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param(Files(kind="Other"), 'template "constant" has no constraint', id="template_without_constraint"),
        pytest.param(Files(source=(("matchConditions", []),)), "matchConditions", id="field_that_is_dropped"),
        pytest.param(Files(spec=(("parameters", {"x": 1}),)), "unknown field", id="parameter_without_schema"),
        pytest.param(Files(spec=(("enforcementAction", "refuse"),)), "unrecognized enforcementAction", id="action"),
        pytest.param(Files(spec=scoped("audit.gatekeeper.sh")), "not enforced at validation", id="audit_only"),
        pytest.param(Files(spec=scoped("validation.gatekeeper.sh")), "not enforced at gator", id="not_in_gator"),
    ],
)
def test_what_gator_refuses_or_passes_over_is_not_loaded(
    runner: Runner, tmp_path: Path, files: Files, said: str
) -> None:
    with pytest.raises(LoadRefused, match=said):
        runner.load(files.write(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("templates/constant.yaml", "a: [", "yaml", id="no_yaml"),
        pytest.param("templates/constant.yaml", "", "no input data identified", id="empty_file"),
        pytest.param("templates/constant.yaml", dump(deployment()), "does not belong there", id="no_template"),
        pytest.param("constraints/more.yaml", dump(Files().template()), "does not belong there", id="no_constraint"),
        pytest.param("constraints/more.yaml", dump(Files().constraint()), "two constraints", id="constraint_twice"),
        pytest.param("constraints/more.yaml", dump(OTHER), 'template "other" not found', id="no_template_of"),
        pytest.param("templates/more.yaml", dump(Files().template()), "two templates", id="template_twice"),
        pytest.param("templates/more.txt", dump(Files().template()), "extensions", id="extension"),
    ],
)
def test_files_that_are_broken_are_not_loaded(runner: Runner, tmp_path: Path, name: str, text: str, said: str) -> None:
    Files().write(tmp_path)
    (tmp_path / "gatekeeper" / name).write_text(text, encoding="utf-8")
    with pytest.raises(LoadRefused, match=said):
        runner.load(tmp_path)


def test_a_load_replaces_what_was_loaded_and_a_failed_one_leaves_nothing(runner: Runner, tmp_path: Path) -> None:
    runner.load(Files().write(tmp_path))
    assert runner.load(HERE / "erring") == ["erring"]
    with pytest.raises(LoadRefused, match="no such file"):
        runner.load(tmp_path / "gatekeeper")
    with pytest.raises(RunnerTrouble, match='no constraint "erring" is loaded'):
        runner.ask([Request("erring", deployment())])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "unexpected EOF", id="no_json"),
        pytest.param("{} {}", "more than one question", id="two_questions"),
        pytest.param('{"rule": "constant", "objects": {}}', "unknown field", id="unknown_field"),
        pytest.param('{"rule": "other", "object": {}}', "no constraint", id="unknown_rule"),
        pytest.param('{"rule": "constant", "object": {}, "operation": "CREATE"}', "no apiVersion", id="no_identity"),
        pytest.param('{"rule": "constant", "object": {}, "operation": "READ"}', "operation", id="operation"),
    ],
)
def test_a_question_that_is_none_ends_the_runner(
    binary: Callable[[str], Path], tmp_path: Path, line: str, said: str
) -> None:
    folder = Files().write(tmp_path) / "gatekeeper"
    lines = f'{{"load": "{folder}"}}\n{line}\n'
    command = [str(binary("gatekeeper-runner")), *CEL.options]
    result = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (1, '{"loaded":["constant"]}\n')
    assert said in result.stderr


def test_a_way_is_named(binary: Callable[[str], Path]) -> None:
    way = Way("gatekeeper", "gatekeeper-runner", "gatekeeper")
    with Runner(way, binary("gatekeeper-runner")) as runner, pytest.raises(RunnerTrouble, match="usage: gatekeeper"):
        runner.load(HERE / "erring")
