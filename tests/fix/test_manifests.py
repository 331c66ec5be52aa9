"""The manifests that rules offer are whole, and fix what the rules find."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Verdict, inventory, judge
from cmpolicy.helm import manifests_for, meant_values
from cmpolicy.passes import set_parameters
from cmpolicy.shapes import misfits
from cmpolicy.values import JsonMap

from tests.policies.packs import cert_manager, rule

OFFERING = [each for each in cert_manager().rules if each.about.fix_manifests]


def named(manifest: JsonMap) -> tuple[object, object, object, object]:
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict)
    return manifest["apiVersion"], manifest["kind"], metadata.get("namespace"), metadata["name"]


def fixed(of: ir.Rule, example: ir.Example, made: list[JsonMap]) -> Verdict:
    """The verdict once the manifests are there: on what replaces the object, or on the object beside them."""
    names = [named(each) for each in made]
    rest = [each for each in example.others if named(each) not in names]
    object_ = next((each for each in made if named(each) == named(example.object)), example.object)
    return judge(of, object_, objects=inventory([*rest, *made, object_])).verdict


@pytest.mark.parametrize("offering", OFFERING, ids=lambda each: each.id)
def test_what_a_rule_offers_fixes_its_bad_examples(offering: ir.Rule) -> None:
    claimed = [each for each in offering.about.bad if not meant_values(offering, each.object)]
    for example in claimed:
        made = manifests_for(offering, example.object)
        assert not made or fixed(offering, example, made) is Verdict.PASS, example


def test_what_rules_offer_is_put_to_some_example() -> None:
    offers = [each for of in OFFERING for each in of.about.bad if manifests_for(of, each.object)]
    assert len(offers) >= len(OFFERING)


@pytest.mark.parametrize("offering", OFFERING, ids=lambda each: each.id)
def test_what_a_rule_offers_is_what_an_api_server_takes(offering: ir.Rule) -> None:
    for example in offering.about.bad:
        for manifest in manifests_for(offering, example.object):
            assert [*misfits(manifest)] == []
            assert "{" not in str(named(manifest))


def test_manifests_follow_the_object_and_the_parameters() -> None:
    shape = set_parameters(rule("cm-priority-quota-shape"), {"priority_class": "mine"})
    bad: JsonMap = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q", "namespace": "cert-manager"}}
    (made,) = manifests_for(shape, bad)
    assert named(made) == ("v1", "ResourceQuota", "cert-manager", "q")
    assert judge(shape, made, objects=NOTHING).verdict is Verdict.PASS
    assert "mine" in str(made)
