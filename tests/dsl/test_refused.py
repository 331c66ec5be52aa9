"""What would mean something else on some target, or nothing, is refused when the rule is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.load import load_pack
from cmpolicy.values import JsonMap

from tests.dsl.test_expressions import complaint, deployment, load


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("return containers(deployment.spec.template.spec).exists()", "operator", "always there"),
        (
            "return deployment.spec.template.spec.volumes.where(lambda v: v.name.exists()).absent()",
            "operator",
            "always",
        ),
        ("return deployment.spec.replicas >= 1 & deployment.spec.paused.is_true()", "operator", "is no condition"),
        ("return ~deployment.spec.paused", "operator", "is no condition"),
        ("return deployment.spec.template.spec.containers[0].tty.is_true()", "operator", "no parts by place"),
        ("return all_of([deployment.spec.paused.is_true()])", "condition", "not a list"),
        ("return deployment.spec.replicas.is_in(names)", "type", "never in a list of str"),
        ('return deployment.metadata.name.matches("^(a{100}){100}$")', "regex", "over 1000"),
        ("return deployment.spec.replicas >= float('nan')", "number", "nan"),
        (
            """
            kept = []
            deployment.spec.template.spec.containers.any(lambda c: kept.append(c) or c.tty.is_true())
            return kept[0].tty.is_true()
            """,
            "lambda",
            "`c` is used outside",
        ),
        ("return (deployment.spec.replicas >= 2) if deployment.spec.paused is None else all_of()", "truth", "`is`"),
    ],
)
def test_a_condition_is_refused(tmp_path: Path, body: str, code: str, words: str) -> None:
    arguments = 'deployment: Deployment, names: list[str] = ["a"]' if "names" in body else "deployment: Deployment"
    diagnostics = load(tmp_path, body, deployment(), deployment(), arguments=arguments).diagnostics
    assert any(each.code == code and words in each.message for each in diagnostics), diagnostics


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ("match_kinds(Container)", "`Container` is no kind"),
        ("match_kinds(Deployment, Deployment)", "a kind stands twice"),
        ("match_kinds(Namespace, Deployment)", "beside other kinds"),
        ("match_kinds(Deployment).on()", "no operations"),
        ('match_kinds(Deployment).on("DELETE")', "`DELETE`"),
        ('match_kinds(Deployment).on("create")', "`create`"),
    ],
)
def test_a_match_is_refused(tmp_path: Path, match: str, words: str) -> None:
    diagnostic, _ = complaint(tmp_path, "return all_of()", match=match)
    assert (diagnostic.code, words in diagnostic.message) == ("match", True), diagnostic


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (3, "is no map"),
        ({"apiVersion": 1, "kind": "Deployment", "metadata": {}}, "no `apiVersion`"),
        ({"apiVersion": "apps/v1", "kind": "Deployment"}, "no `metadata`"),
        ({**deployment(), "spec": {"replicas": {1}}}, "JSON cannot"),
    ],
)
def test_an_example_is_refused(tmp_path: Path, example: JsonMap, words: str) -> None:
    diagnostics = load(
        tmp_path, "return deployment.spec.replicas > 1", deployment({"replicas": 2}), example
    ).diagnostics
    assert [words in each.message for each in diagnostics] == [True], diagnostics


@pytest.mark.parametrize("body", ["return pod_spec(old).hostNetwork.absent()", 'return namespace(old) == "a"'])
def test_helpers_of_the_object_are_refused_of_the_old_one(tmp_path: Path, body: str) -> None:
    (diagnostic,) = load(tmp_path, body, deployment(), deployment(), arguments="deployment, old").diagnostics
    assert "known of the object itself only" in diagnostic.message


def test_the_old_object_is_known_of_one_kind_only(tmp_path: Path) -> None:
    two = "match_kinds(Deployment, StatefulSet)"
    body = "return deployment.metadata.name == old.metadata.name"
    (several,) = load(tmp_path, body, deployment(), deployment(), arguments="deployment, old", match=two).diagnostics
    assert "one kind only" in several.message
    one = load(
        tmp_path, f"return old.exists().implies({body[7:]})", deployment(), deployment(), arguments="deployment, old"
    )
    assert [each.code for each in one.diagnostics] == ["examples"]


def test_a_rule_about_updates_skips_what_is_only_there(tmp_path: Path) -> None:
    match = 'match_kinds(Deployment).on("UPDATE")'
    (diagnostic,) = load(
        tmp_path, "return deployment.spec.replicas > 1", deployment(), deployment(), match=match
    ).diagnostics
    assert diagnostic.message == "bad example 1 has the verdict skip"


def test_a_string_parameter_compared_as_a_quantity_is_one(tmp_path: Path) -> None:
    body = 'return deployment.spec.template.spec.containers.all(lambda c: c.resources.limits["memory"] <= most)'
    small, large = (deployment(containers=[{"resources": {"limits": {"memory": m}}}]) for m in ("1Gi", "2Gi"))
    arguments = 'deployment: Deployment, most: str = "1Gi"'
    (only,) = load(tmp_path, body, small, large, arguments=arguments).diagnostics
    assert only.code == "parameter"
    (tmp_path / "r.py").write_text(
        (tmp_path / "r.py")
        .read_text()
        .replace('"""A title."""', '"""A title.\n\n    Parameters:\n        most: Memory\n    """')
    )
    (rule,) = load_pack(tmp_path).rules
    assert [(p.name, p.type) for p in rule.parameters] == [("most", ir.ParameterType.QUANTITY)]
    assert [judge(rule, each).verdict for each in (small, large)] == [Verdict.PASS, Verdict.FAIL]


@pytest.mark.parametrize(("image", "named"), [
    ("quay.io/x/postgres:1", True), ("postgres", True), ("postgres@sha256:a", True), ("postgres:1@sha256:a", True),
    ("postgres:5000/evil/x:1", False), ("x/postgres:5000/evil", False), ("mypostgres", False),
])  # fmt: skip
def test_the_name_of_an_image_is_no_registry(tmp_path: Path, image: str, named: bool) -> None:
    body = 'return deployment.spec.template.spec.containers.all(lambda c: image(c.image).name_is("postgres"))'
    good, bad = (deployment(containers=[{"image": each}]) for each in ("postgres", "other"))
    (rule,) = load(tmp_path, body, good, bad).rules
    found = judge(rule, deployment(containers=[{"image": image}])).verdict
    assert found is (Verdict.PASS if named else Verdict.FAIL)
