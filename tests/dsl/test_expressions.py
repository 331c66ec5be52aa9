"""What authors write becomes the IR they mean, and what they get wrong is told with place and remedy."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.dsl import given
from cmpolicy.dsl.conditions import condition_node
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.load import Loaded, load_pack
from cmpolicy.passes.tree import walk_rule
from cmpolicy.values import Json, JsonMap

INIT = 'from cmpolicy.dsl import Pack\nPACK = Pack(prefix="t", title="Test", category="Test")\n'
RULE = '''
from __future__ import annotations
from cmpolicy.dsl import *
from cmpolicy.dsl import match as match_kinds
from cmpolicy.kinds import Container, Deployment, Namespace, StatefulSet

GOOD = {good!r}
BAD = {bad!r}

@rule(severity="low", match={match}, message={message!r}, good=[GOOD], bad=[BAD])
def r({arguments}):
    """A title."""
{body}
'''


def deployment(spec: Json = None, **pod: Json) -> JsonMap:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d", "labels": {"app": "d"}},
        "spec": spec if spec is not None else {"template": {"spec": pod}},
    }


def load(
    tmp_path: Path,
    body: str,
    good: JsonMap,
    bad: JsonMap,
    *,
    match: str = "match_kinds(Deployment)",
    message: str = "bad",
    arguments: str = "deployment: Deployment",
) -> Loaded:
    """A pack of one rule with this body."""
    (tmp_path / "__init__.py").write_text(INIT)
    indented = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    text = RULE.format(good=good, bad=bad, match=match, message=message, arguments=arguments, body=indented)
    (tmp_path / "r.py").write_text(text.lstrip("\n"))
    return load_pack(tmp_path)


def complaint(tmp_path: Path, body: str, **kwargs: str) -> tuple[Diagnostic, str]:
    """The one diagnostic of a rule with this body, and the text that its caret marks."""
    (diagnostic,) = load(tmp_path, body, deployment(), deployment(), **kwargs).diagnostics
    line = Path(diagnostic.file).read_text().splitlines()[diagnostic.line - 1]
    return diagnostic, line[diagnostic.column - 1 : diagnostic.end_column - 1]


@pytest.mark.parametrize(
    ("body", "good", "bad"),
    [
        ("return deployment.spec.replicas.default(1) >= 2", deployment({"replicas": 2}), deployment({})),
        ("return deployment.spec.replicas.between(2, 3)", deployment({"replicas": 3}), deployment({"replicas": 4})),
        (
            "return containers(deployment.spec.template.spec).all(lambda c: c.image.exists())",
            deployment(containers=[{"image": "a"}, None]),
            deployment(containers=[{"image": "a"}], ephemeralContainers=[{"name": "x"}]),
        ),
        (
            "return containers(deployment.spec.template.spec, ephemeral=False).all(lambda c: c.image.exists())",
            deployment(containers=[{"image": "a"}], ephemeralContainers=[{"name": "x"}]),
            deployment(initContainers=[{"name": "x"}]),
        ),
        (
            """
            pod = deployment.spec.template.spec
            return pod.containers.all(
                lambda c: c.volumeMounts.all(lambda m: pod.volumes.any(lambda v: v.name == m.name))
            )
            """,
            deployment(containers=[{"volumeMounts": [{"name": "a"}]}], volumes=[{"name": "b"}, {"name": "a"}]),
            deployment(containers=[{"volumeMounts": [{"name": "a"}]}], volumes=[{"name": "b"}]),
        ),
        (
            "return seconds(deployment.metadata.annotations['every'].default('1h')) <= seconds('90m')",
            {**deployment(), "metadata": {"name": "d", "annotations": {"every": "1h30m0.9s"}}},
            {**deployment(), "metadata": {"name": "d", "annotations": {"every": "90m1s"}}},
        ),
        (
            "return deployment.spec.strategy.rollingUpdate.maxUnavailable.percent() < 50",
            deployment({"strategy": {"rollingUpdate": {"maxUnavailable": "25%"}}}),
            deployment({"strategy": {"rollingUpdate": {"maxUnavailable": 1}}}),
        ),
        (
            "return deployment.spec.strategy.rollingUpdate.maxUnavailable.number() <= 1",
            deployment({"strategy": {"rollingUpdate": {"maxUnavailable": 1}}}),
            deployment({"strategy": {"rollingUpdate": {"maxUnavailable": "1"}}}),
        ),
        (
            'return deployment.spec.template.spec.containers.all(lambda c: c.resources.limits["memory"] <= "1Gi")',
            deployment(containers=[{"resources": {"limits": {"memory": "1024Mi"}}}]),
            deployment(containers=[{"resources": {"limits": {"memory": "1025Mi"}}}]),
        ),
        (
            "return deployment.metadata.labels.any(lambda key, value: key.starts_with('a') & (value == 'd'))",
            deployment(),
            {**deployment(), "metadata": {"labels": {"app": "e", "b": "d"}}},
        ),
        (
            'return deployment.spec.template.spec.containers.any(lambda c: flag(c.args, "n") == "v")',
            deployment(containers=[{"args": ["--n=w", "--n", "v"]}]),
            deployment(containers=[{"args": ["--n=v", "--n=w"]}]),
        ),
        (
            "return deployment.spec.template.spec.containers.where(lambda c: c.name != 'x').count(lambda c: c.tty.is_true()) == 1",
            deployment(containers=[{"name": "x", "tty": True}, {"name": "y", "tty": True}]),
            deployment(containers=[{"name": "x", "tty": True}, {"name": "y"}]),
        ),
        (
            """
            pod = deployment.spec.template.spec
            return containers(pod).all(lambda c: security_context(c, pod).runAsNonRoot.is_true())
            """,
            deployment(containers=[{"name": "x"}], securityContext={"runAsNonRoot": True}),
            deployment(
                containers=[{"securityContext": {"runAsNonRoot": False}}], securityContext={"runAsNonRoot": True}
            ),
        ),
        (
            "return deployment.spec.template.spec.containers.all(lambda c: image(c.image).has_tag())",
            deployment(containers=[{"image": "host:5000/a:1@sha256:b"}]),
            deployment(containers=[{"image": "host:5000/a"}]),
        ),
        (
            'return deployment.spec.template.spec.containers.all(lambda c: image(c.image).registry_in(["quay.io"]))',
            deployment(containers=[{"image": "quay.io/a"}]),
            deployment(containers=[{"image": "quay.io.evil.com/a"}]),
        ),
        (
            "return deployment.spec.paused.is_false().implies(deployment.spec.replicas > 1)",
            deployment({"paused": True}),
            deployment({"paused": False, "replicas": 1}),
        ),
    ],
)
def test_a_condition_means_what_it_says(tmp_path: Path, body: str, good: JsonMap, bad: JsonMap) -> None:
    loaded = load(tmp_path, body, good, bad)
    assert not loaded.diagnostics
    (rule,) = loaded.rules
    assert [judge(rule, each).verdict for each in (good, bad)] == [Verdict.PASS, Verdict.FAIL]


@pytest.mark.parametrize(
    ("body", "code", "marked", "words"),
    [
        ("return deployment.spec.replica >= 3", "field", "replica", "did you mean `replicas`"),
        ("return deployment.spec.replicas.starts_with('a')", "operator", "starts_with", "it offers"),
        ("return deployment.metadata.name >= 3", "operator", "deployment.metadata.name >= 3", "it offers"),
        ("return deployment.spec.replicas == '3'", "type", "deployment.spec.replicas == '3'", "give a"),
        ("return deployment.spec.replicas == True", "type", "deployment.spec.replicas == True", "give a"),
        ("return deployment.spec.replicas > 1 and deployment.spec.paused.is_true()", "truth", None, "`a & b`"),
        ("return deployment.spec.replicas > 1 or deployment.spec.paused.is_true()", "truth", None, "`a | b`"),
        ("return not deployment.spec.paused.is_true()", "truth", None, "`~a`"),
        ("return (1 < deployment.spec.replicas < 3)", "truth", None, "(a < x) & (x < b)"),
        ("return deployment.metadata.name in ['a']", "truth", None, "is_in"),
        ("if deployment.spec.paused.is_true():\n    return all_of()\nreturn any_of()", "truth", None, "implies"),
        ("for c in deployment.spec.template.spec.containers:\n    pass\nreturn all_of()", "loop", None, ".any("),
        ("return deployment.spec.paused", "condition", None, "is_true"),
        ("return deployment.metadata.name.matches('(?i)a')", "regex", None, "safe subset"),
        ("return deployment.spec.replicas > 2**53", "number", None, ""),
        ("return deployment.spec.template.spec.containers.all(lambda c, d: c.tty.is_true())", "lambda", None, ""),
        (
            "return deployment.spec.template.spec.containers.all(lambda c: c.livenesProbe.exists())",
            "field",
            "livenesProbe",
            "did you mean `livenessProbe`",
        ),
        ("return deployment.nonsense(", "syntax", None, ""),
        ("return 1 / 0", "python", "1 / 0", ""),
        ('return deployment.metadata.name == f"{deployment.kind}"', "message", None, "`message`"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, body: str, code: str, marked: str | None, words: str) -> None:
    diagnostic, text = complaint(tmp_path, body)
    assert (diagnostic.code, diagnostic.file) == (code, str(tmp_path / "r.py"))
    assert marked is None or text == marked
    assert words in diagnostic.help


def test_a_message_shows_values_and_parameters(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "return deployment.spec.replicas.default(1) >= minimum",
        deployment({"replicas": 3}),
        deployment({"replicas": 2}),
        message="{name} has {deployment.spec.replicas}, not {minimum}",
        arguments="deployment: Deployment, minimum: int = 3",
    )
    (parameter,) = [d for d in loaded.diagnostics if d.code == "parameter"]
    assert "`minimum` has no description" in parameter.message


@pytest.mark.parametrize("message", ["{nonsense}", "{deployment.spec.replica}", "{deployment.spec}", "{name!r}", ""])
def test_a_bad_message_is_told_at_the_message(tmp_path: Path, message: str) -> None:
    loaded = load(
        tmp_path, "return deployment.spec.replicas > 1", deployment({"replicas": 2}), deployment({}), message=message
    )
    (diagnostic,) = loaded.diagnostics
    line = (tmp_path / "r.py").read_text().splitlines()[diagnostic.line - 1]
    assert line[diagnostic.column - 1 :].startswith(repr(message))


def test_a_wrong_example_is_told(tmp_path: Path) -> None:
    loaded = load(tmp_path, "return deployment.spec.replicas > 1", deployment({}), deployment({"replicas": 2}))
    assert [d.code for d in loaded.diagnostics] == ["examples", "examples"]


def test_variables_are_named_after_the_lambda_and_unique(tmp_path: Path) -> None:
    body = "return containers(deployment.spec.template.spec).all(lambda c: c.env.any(lambda e: e.name == 'a') | c.env.any(lambda e: e.name == 'b'))"
    loaded = load(tmp_path, body, deployment(), deployment(containers=[{}]))
    (rule,) = loaded.rules
    names = [node.var for node in walk_rule(rule) if isinstance(node, ir.Any | ir.All)]
    assert names == ["c", "e", "e_2"]


@pytest.mark.parametrize(
    ("match", "good", "bad"),
    [
        ("match_kinds(Deployment).where(labeled({'app': 'd'}))", {"labels": {"app": "e"}}, {"labels": {"app": "d"}}),
        ("match_kinds(Deployment).where(in_namespaces(['n']))", {}, {"namespace": "n"}),
        ("match_kinds(Deployment).excluding(in_namespaces_like('kube-*'))", {"namespace": "kube-x"}, {}),
        ("match_kinds(Deployment).where(named('d'))", {"name": "e"}, {"name": "d"}),
    ],
)
def test_a_match_narrows_the_objects(tmp_path: Path, match: str, good: JsonMap, bad: JsonMap) -> None:
    outside, inside = ({**deployment(), "metadata": metadata} for metadata in (good, bad))
    loaded = load(tmp_path, "return deployment.spec.replicas > 1", outside, inside, match=match)
    assert not loaded.diagnostics
    assert [judge(loaded.rules[0], each).verdict for each in (outside, inside)] == [Verdict.SKIP, Verdict.FAIL]


@pytest.mark.parametrize(("default", "told"), [(True, []), (False, ["bad example 1 has the verdict pass"])])
def test_a_boolean_parameter_is_a_condition(tmp_path: Path, default: bool, told: list[str]) -> None:
    loaded = load(
        tmp_path,
        "return given(strict).implies(deployment.spec.paused.is_true())",
        deployment({"paused": True}),
        deployment({}),
        arguments=f"deployment: Deployment, strict: bool = {default}",
    )
    assert [each.message for each in loaded.diagnostics if each.code == "examples"] == told


def test_the_pods_spec_is_found_where_one_kind_alone_is_matched(tmp_path: Path) -> None:
    body = "return pod_spec(deployment).hostNetwork.is_false()"
    loaded = load(tmp_path, body, deployment(hostNetwork=False), deployment({"hostNetwork": False}))
    assert not loaded.diagnostics


ARGS = "deployment.spec.template.spec.containers.any(lambda c: {})"


@pytest.mark.parametrize(
    ("condition", "good", "bad"),
    [
        ('switch(c.args, "x").is_on()', ["--x"], ["--x", "--x=0"]),
        ('switch(c.args, "x").is_on()', ["--x=T"], ["--x=yes"]),
        ('switch(c.args, "x").is_off()', ["--x=False"], ["--x=no"]),
        ('switch(c.args, "x").is_off()', ["--x", "--x=f"], []),
        ('switch(c.args, "x").default("false").is_off()', [], ["--x", "false"]),
        ('switch(c.args, "x") == c.image', ["--x=a"], ["--x=b"]),
    ],
)
def test_a_switch_is_read_as_go_reads_it(tmp_path: Path, condition: str, good: list[str], bad: list[str]) -> None:
    examples = (deployment(containers=[{"image": "a", "args": args}]) for args in (good, bad))
    assert load(tmp_path, f"return {ARGS.format(condition)}", *examples).diagnostics == ()


@pytest.mark.parametrize("default", ["'on'", "1", "True"])
def test_a_parameter_may_be_asked_for_a_value(tmp_path: Path, default: str) -> None:
    loaded = load(
        tmp_path,
        f"return given(mode, {default}) & (deployment.spec.replicas > 1)",
        deployment({"replicas": 2}),
        deployment({"replicas": 1}),
        arguments=f"deployment: Deployment, mode = {default}",
    )
    assert [each.message for each in loaded.diagnostics if each.code == "examples"] == []
    assert [each.code for each in loaded.diagnostics] == ["parameter"]


def test_a_constant_may_be_asked_for_its_value() -> None:
    assert condition_node(given("a", "a")) == ir.TRUE
    assert condition_node(given("a", "b")) == ir.FALSE
    assert condition_node(given(True)) == ir.TRUE


def test_a_rule_may_bring_percentages(tmp_path: Path) -> None:
    body = """return percentages([100, 200, 300]).any(
        lambda times: (times.of(1, up=False) <= deployment.spec.replicas)
        & (times.of(deployment.spec.progressDeadlineSeconds, up=False) >= 21)
    )"""
    good, bad = ({"replicas": replicas, "progressDeadlineSeconds": 7} for replicas in (3, 2))
    assert load(tmp_path, body, deployment(good), deployment(bad)).diagnostics == ()


def test_a_rule_may_bring_integers(tmp_path: Path) -> None:
    body = "return integers(range(1, 4)).any(lambda n: (deployment.spec.replicas < n) & (n < 4))"
    loaded = load(tmp_path, body, deployment({"replicas": 2}), deployment({"replicas": 3}))
    assert not loaded.diagnostics
