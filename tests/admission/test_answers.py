"""The model says of odd manifests what a real server answered; see `tests/cluster/test_defaulting.py`."""

from __future__ import annotations

import pytest
from cmpolicy.admission import MODELLED, admitted, is_modelled
from cmpolicy.fields import index
from cmpolicy.load import built_in_packs, load_packs

from tests.admission.answers import ANSWERS, MANIFESTS, Loaded, comparable, differences, kind_of, load

PAIRS = list(zip(load(MANIFESTS), load(ANSWERS), strict=True))


@pytest.mark.parametrize(("manifest", "answer"), PAIRS, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_the_model_says_what_the_server_answered(manifest: Loaded, answer: Loaded) -> None:
    kind = kind_of(manifest)
    assert kind is not None
    assert list(differences(answer, comparable(admitted(manifest, kind)))) == []


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
