"""Kinds that are not Kubernetes' own: Kyverno's command line is told of them where it judges by the API server's policies."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from cmpolicy.targets import load_target
from cmpolicy.targets.protocol import Options, packaged

from tests.policies.packs import rule


def files(target: str, rule_id: str) -> Mapping[str, str]:
    return {file.path: file.text for file in packaged(load_target(target), [rule(rule_id)], Options())}


@pytest.mark.parametrize(
    ("example", "scope", "namespace"), [("good-2", "Namespaced", "shop"), ("good-1", "Cluster", "default")]
)
def test_a_test_defines_the_kind_of_its_example_and_its_namespace(example: str, scope: str, namespace: str) -> None:
    folder = f"tests/cm-ca-issuer-review/{example}"
    made = files("vap", "cm-ca-issuer-review")
    test, cluster, crd, resource = (
        yaml.safe_load(made[f"{folder}/{name}.yaml"]) for name in ("kyverno-test", "cluster", "crd", "resource")
    )
    assert test["clusterResources"] == ["cluster.yaml"]
    assert cluster["spec"]["crds"] == ["crd.yaml"]
    assert [each["metadata"]["name"] for each in cluster["spec"]["resources"]] == [namespace]
    assert (crd["spec"]["names"]["kind"], crd["spec"]["scope"]) == (resource["kind"], scope)


def test_nothing_is_defined_of_kubernetes_own_kinds_or_where_kyverno_needs_no_definition() -> None:
    made = [*files("vap", "cm-approver-rbac"), *files("kyverno-cel", "cm-ca-issuer-review")]
    assert not [path for path in made if path.endswith(("cluster.yaml", "crd.yaml"))]
