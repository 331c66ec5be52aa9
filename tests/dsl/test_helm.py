"""Helm values follow the parameters of a rule, and are shown of the objects that they are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.helm import all_values, values_for
from cmpolicy.load import load_pack
from cmpolicy.passes import set_parameters
from cmpolicy.values import Json, JsonMap

from tests.dsl.test_expressions import INIT
from tests.policies.packs import cert_manager

RULE = '''\
from cmpolicy.dsl import *
from cmpolicy.kinds import Deployment


def example(app, replicas=1):
    metadata = {{"name": app, "labels": {{"app": app}}}}
    return {{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {{"replicas": replicas}}}}


@rule(
    severity="low",
    match=Deployment,
    message="bad",
    helm_values={values},
    good=[example("a", 9)],
    bad=[example("a")],
)
def r(deployment: Deployment, minimum: int = 2, names: list[str] = ["a", "b"]) -> Condition:
    """A title.

    Parameters:
        minimum: Enough
        names: Names
    """
    return deployment.spec.replicas >= minimum
'''
BY_APP = (
    '{"all": 1, "a": only_for(labeled({"app": "a"}), 1), "b": only_for(labeled({"app": "b"}), value_of("minimum"))}'
)


def load(tmp_path: Path, values: str) -> ir.Rule:
    (tmp_path / "__init__.py").write_text(INIT)
    (tmp_path / "r.py").write_text(RULE.format(values=values))
    (rule,) = load_pack(tmp_path).rules
    return rule


def app(name: str) -> JsonMap:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": {"app": name}}}


@pytest.mark.parametrize(
    ("name", "expected"), [("a", {"all": 1, "a": 1}), ("b", {"all": 1, "b": 2}), ("c", {"all": 1})]
)
def test_a_value_is_shown_of_the_objects_it_is_for(tmp_path: Path, name: str, expected: JsonMap) -> None:
    assert values_for(load(tmp_path, BY_APP), app(name)) == expected


def test_of_an_object_that_none_is_for_all_are_shown(tmp_path: Path) -> None:
    rule = load(tmp_path, BY_APP.replace('"all": 1, ', ""))
    assert values_for(rule, app("c")) == {"a": 1, "b": 2} == all_values(rule)


@pytest.mark.parametrize(("parameter", "value"), [("minimum", 5), ("names", ["x"])])
def test_a_value_follows_its_parameter(tmp_path: Path, parameter: str, value: Json) -> None:
    rule = load(tmp_path, f'{{"key": value_of("{parameter}")}}')
    constant = tuple(value) if isinstance(value, list) else value
    assert all_values(set_parameters(rule, {parameter: constant})) == {"key": value}  # type: ignore[dict-item]


def test_a_predicate_follows_its_parameter(tmp_path: Path) -> None:
    values = '{"x": 0, "key": only_for(in_namespaces(parameter("homes", ["a"], "Homes")), 1)}'
    rule = load(tmp_path, values)
    there: JsonMap = {**app("a"), "metadata": {"namespace": "b"}}
    assert values_for(rule, there) == {"x": 0}
    assert values_for(set_parameters(rule, {"homes": ("b",)}), there) == {"x": 0, "key": 1}


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ('{"key": value_of("minimun")}', "helm", "the rule has no parameter `minimun`"),
        ('{"key": only_for(3, 1)}', "match", "an object is not chosen by `3`"),
        ('{"key": only_for(labeled({"app": "a"}), object())}', "helm", "holds what JSON cannot"),
    ],
)
def test_what_cannot_be(tmp_path: Path, values: str, code: str, words: str) -> None:
    (tmp_path / "__init__.py").write_text(INIT)
    (tmp_path / "r.py").write_text(RULE.format(values=values))
    (found,) = load_pack(tmp_path).diagnostics
    assert (found.code, words in found.message, bool(found.help)) == (code, True, True), found


def labels(manifest: JsonMap) -> JsonMap:
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict)
    found = metadata.get("labels")
    return found if isinstance(found, dict) else {}


PREFIXES = {"webhook": "webhook.", "cainjector": "cainjector.", "startupapicheck": "startupapicheck."}


def test_of_a_component_of_cert_manager_only_its_own_values_are_shown() -> None:
    seen = set()
    for rule in cert_manager().rules:
        for bad in rule.about.bad:
            component = labels(bad.object).get("app.kubernetes.io/component")
            if isinstance(component, str) and component in PREFIXES and len(all_values(rule)) > 2:
                shown = values_for(rule, bad.object)
                assert all(key.startswith(PREFIXES[component]) for key in shown), rule.id
                assert shown or rule.about.remedy, rule.id
                seen.add((rule.id, component))
    assert len(seen) > 10
