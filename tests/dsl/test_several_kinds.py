"""A rule on several kinds reads the fields that all of them have."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.dsl import Object
from cmpolicy.dsl.trace import root_of
from cmpolicy.kinds import ClusterRole, ConfigMap, Deployment, Job, Role, Secret
from cmpolicy.values import JsonMap

from tests.dsl.test_expressions import load

ROLE: JsonMap = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "r"}}
KINDS = "match_kinds(__import__('cmpolicy.kinds').kinds.Role, __import__('cmpolicy.kinds').kinds.ClusterRole)"


def test_a_field_that_all_have_is_read(tmp_path: Path) -> None:
    good: JsonMap = {**ROLE, "rules": [{"verbs": ["get"]}]}
    bad: JsonMap = {**ROLE, "kind": "ClusterRole", "rules": [{"verbs": ["*"]}]}
    body = "return role.rules.none(lambda rule: rule.verbs.contains('*'))"
    loaded = load(tmp_path, body, good, bad, match=KINDS, arguments="role")
    assert loaded.diagnostics == ()
    assert [kind.kind for kind in loaded.rules[0].kinds] == ["Role", "ClusterRole"]


def test_a_field_that_only_one_has_is_refused(tmp_path: Path) -> None:
    body = "return role.aggregationRule.absent()"
    (diagnostic,) = load(tmp_path, body, ROLE, ROLE, match=KINDS, arguments="role").diagnostics
    assert (diagnostic.code, diagnostic.message) == ("field", "`object` has no field `aggregationRule`")
    assert diagnostic.help == "it has `apiVersion`, `kind`, `metadata`, `rules`"


@pytest.mark.parametrize(
    ("kinds", "fields"),
    [
        ((Role, ClusterRole), {"rules", "metadata"}),
        # `data` of a ConfigMap is text, as that of a Secret is.
        ((ConfigMap, Secret), {"data", "immutable"}),
        ((ConfigMap, Role), {"metadata"}),
        ((Deployment, Job), {"metadata"}),
    ],
)
def test_these_are_the_fields(kinds: tuple[type[Object], ...], fields: set[str]) -> None:
    root = root_of(kinds)
    for field in fields:
        assert root[field]._node == ir.Get(ir.Obj(), field)
