"""The model says of odd manifests what a real server answered; see `tests/cluster/test_defaulting.py`."""

from __future__ import annotations

import pytest
from cmpolicy.admission import MODELLED, admitted, is_modelled
from cmpolicy.admission.fills import JOB_UID
from cmpolicy.admission.plugins import TOKEN_VOLUME
from cmpolicy.fields import index
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import Json, JsonMap

from tests.admission.answers import ANSWERS, MANIFESTS, Loaded, comparable, differences, kind_of, load

PAIRS = list(zip(load(MANIFESTS), load(ANSWERS), strict=True))


@pytest.mark.parametrize(("manifest", "answer"), PAIRS, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_the_model_says_what_the_server_answered(manifest: Loaded, answer: Loaded) -> None:
    kind = kind_of(manifest)
    assert kind is not None
    assert list(differences(answer, comparable(admitted(manifest, kind)))) == []


@pytest.mark.parametrize(
    ("answer", "said", "where"),
    [
        ({"a": 1}, {}, ".a"),
        ({}, {"a": 1}, ".a"),
        ({"a": 1}, {"a": True}, ".a"),
        ({"a": 1}, {"a": 1.0}, ".a"),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, ".a[1].b"),
        ({"a": [1]}, {"a": [1, 2]}, ".a"),
        ({"a": {}}, {}, ".a"),
        ({"a": {}}, {"a": []}, ".a"),
    ],
)
def test_a_difference_is_seen(answer: Loaded, said: Loaded, where: str) -> None:
    assert [each.split(":")[0] for each in differences(answer, said)] == [where]


def test_what_is_left_out_of_the_comparison_is_what_a_server_chooses() -> None:
    service: JsonMap = {"kind": "Service", "spec": {"clusterIP": "10.0.0.1", "ports": [{"port": 1, "nodePort": 30000}]}}
    assert comparable(service) == {"kind": "Service", "spec": {"ports": [{"port": 1}]}, "metadata": {}}
    other: JsonMap = {
        "kind": "Pod",
        "metadata": {"uid": "u", "name": "a"},
        "status": {},
        "spec": {"clusterIP": "", "a": None},
    }
    assert comparable(other) == {"kind": "Pod", "metadata": {"name": "a"}, "spec": {"clusterIP": ""}}
    named: list[Json] = ["kube-api-access-x2b5c", "kube-api-access-mine", "a-1b4e28ba-2fa1-11d2-883f-0016d3cca427"]
    assert comparable({"spec": named})["spec"] == [TOKEN_VOLUME, named[1], f"a-{JOB_UID}"]


def test_every_modelled_kind_is_among_them() -> None:
    assert {manifest["kind"] for manifest, _ in PAIRS} == {index.kind(name)[0].kind for name in MODELLED}


def test_every_kind_of_the_built_in_rules_is_modelled() -> None:
    """But those that clusters get from others, and those that no cluster has."""
    kinds = {kind for rule in load_packs(built_in_packs()).rules for kind in rule.kinds}
    assert {str(kind) for kind in kinds if not is_modelled(kind) and not kind.is_local} == {
        "cert-manager.io/v1/Certificate",
        "cert-manager.io/v1/ClusterIssuer",
        "cert-manager.io/v1/Issuer",
    }
