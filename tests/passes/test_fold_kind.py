"""The kind in the message of a rule about one kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cmpolicy import ir
from cmpolicy.passes.fold_kind import fold_kind

from tests.sample_rules import CONFIG_MAP, DEPLOYMENT, WRITES

KIND = ir.Get(ir.Obj(), "kind")
RULE = ir.Rule(
    id="sample-kind",
    kinds=(DEPLOYMENT,),
    operations=WRITES,
    when=ir.TRUE,
    condition=ir.Compare(ir.Order.LESS, ir.Scaled(KIND, ir.Const(3), up=False), ir.Const(1)),
    message=(KIND, " is wrong"),
    parameters=(),
    about=ir.About(severity=ir.Severity.LOW, pack="sample", category="Sample"),
)


def test_it_is_a_constant() -> None:
    assert fold_kind(RULE).message == ("Deployment", " is wrong")


def test_conditions_keep_it_since_engines_compute_with_constants_when_they_load() -> None:
    assert fold_kind(RULE).condition == RULE.condition


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(replace(RULE, kinds=(DEPLOYMENT, CONFIG_MAP)), id="of two kinds"),
        pytest.param(replace(RULE, operations=(*WRITES, ir.Operation.DELETE)), id="of no object"),
        pytest.param(replace(RULE, message=(ir.Get(ir.Old(), "kind"),)), id="of the old object"),
    ],
)
def test_it_is_read(rule: ir.Rule) -> None:
    assert fold_kind(rule) == rule
