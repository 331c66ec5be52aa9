"""Rules that look up other objects: they block nothing, say why, and are tested where the engines can test them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.explain import explain
from cmpolicy.fields import index
from cmpolicy.pipeline import rule_text
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.kyverno.suite import suite
from cmpolicy.targets.protocol import File, Options
from cmpolicy.values import JsonMap

from tests.sample_rules import BUDGETED, PDB, REPLICAS

CARRYING = [name for name in TARGETS if load_target(name).gap(BUDGETED) is None]
ISSUER, CLUSTER_ISSUER = index.kind("Issuer")[0], index.kind("ClusterIssuer")[0]


def looking_for(*known: ir.Known, **about: tuple[ir.Example, ...]) -> ir.Rule:
    """The sample rule, looking for these instead; it passes if there is none of any."""
    none = (ir.Not(ir.Any(ir.Elems(each), f"x{number}", ir.TRUE)) for number, each in enumerate(known))
    changed = replace(BUDGETED, when=ir.TRUE, condition=ir.And(tuple(none)), message=("no",))
    return replace(changed, about=replace(BUDGETED.about, **about))  # type: ignore[arg-type]


def contexts(rule: ir.Rule) -> list[list[str]]:
    """The kinds of the other objects of each test."""
    files: list[File] = [file for file in suite([rule], {}) if file.path.endswith("context.yaml")]
    return [[each["kind"] for each in yaml.safe_load(file.text)["spec"]["resources"]] for file in files]


def test_some_target_carries_them() -> None:
    assert CARRYING == ["gatekeeper", "kyverno-cel"]


@pytest.mark.parametrize("target", CARRYING)
def test_they_never_block(target: str) -> None:
    emitted = load_target(target)
    assert rule_text(BUDGETED, emitted, Options(enforce=True)) == rule_text(BUDGETED, emitted, Options())
    assert rule_text(REPLICAS, emitted, Options(enforce=True)) != rule_text(REPLICAS, emitted, Options())


@pytest.mark.parametrize("target", CARRYING)
def test_they_say_on_the_cluster_what_the_order_of_admission_does(target: str) -> None:
    text = " ".join((rule_text(BUDGETED, load_target(target), Options()) or "").split())
    assert "looks up objects of kind PodDisruptionBudget" in text
    assert "never blocked" in text


def test_explain_says_it_once() -> None:
    text = " ".join(explain(BUDGETED, []).split())
    assert text.count("looks up objects of kind PodDisruptionBudget") == 1
    assert "looks up" not in explain(REPLICAS, [])


def test_kyvernos_command_line_gets_an_object_of_each_kind() -> None:
    here = ir.Get(ir.Get(ir.Obj(), "metadata"), "namespace")
    example = ir.Example(BUDGETED.about.good[0].object)
    rule = looking_for(ir.Known(PDB, here), ir.Known(CLUSTER_ISSUER), good=(example,), bad=())
    assert contexts(rule) == [["PodDisruptionBudget", "ClusterIssuer"]]


def test_what_is_expected_counts_the_bystanders() -> None:
    example = ir.Example(BUDGETED.about.good[0].object)
    files = suite([looking_for(ir.Known(CLUSTER_ISSUER), good=(example,), bad=())], {})
    tests: list[JsonMap] = [yaml.safe_load(file.text) for file in files if file.path.endswith("kyverno-test.yaml")]
    assert [each["results"][0]["result"] for each in tests] == ["fail"]  # type: ignore[index,call-overload]


def test_kyvernos_command_line_is_not_asked_for_objects_of_all_namespaces() -> None:
    assert contexts(looking_for(ir.Known(ISSUER))) == []
    assert len(contexts(BUDGETED)) == len(BUDGETED.about.good) + len(BUDGETED.about.bad)
