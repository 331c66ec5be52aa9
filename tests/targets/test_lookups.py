"""Rules that look up other objects: they block nothing, say why, and are tested where the engines can test them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cmpolicy import ir
from cmpolicy.explain import explain
from cmpolicy.fields import index
from cmpolicy.pipeline import rule_text
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.kyverno.suite import CONTEXT, Supply, suite
from cmpolicy.targets.kyverno.values import VALUES
from cmpolicy.targets.protocol import Options

from tests.sample_rules import BUDGETED, REPLICAS

CARRYING = [name for name in TARGETS if load_target(name).gap(BUDGETED) is None]


def test_some_target_carries_them() -> None:
    assert CARRYING == ["gatekeeper", "kyverno", "kyverno-cel"]


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


@pytest.mark.parametrize("supply", [CONTEXT, VALUES], ids=lambda supply: supply.field)
def test_kyvernos_command_line_is_given_objects_of_crds_for_calls_alone(supply: Supply) -> None:
    issuer, _ = index.kind("Issuer")
    of_crd = replace(BUDGETED, condition=ir.Any(ir.Elems(ir.Known(issuer)), "x", ir.TRUE))
    every = 3 * (len(BUDGETED.about.good) + len(BUDGETED.about.bad))
    assert len(list(suite(of_crd, {}, supply))) == (every if supply is VALUES else 0)
    assert len(list(suite(BUDGETED, {}, supply))) == every
