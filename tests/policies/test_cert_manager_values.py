"""The values pack says of the page's values, key by key, what the page says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.fix.merge import Setting, merge
from cmpolicy.helm import all_values
from cmpolicy.load import load_pack
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.values import Json

from tests.fix.page_values import page_values
from tests.policies.packs import PACK
from tests.policies.test_source import NAMED

LOADED = load_pack(PACK.with_name("cert_manager_values"))
PAGE = page_values()
# What only the current page sets.
POLICIES = {f"{part}networkPolicy.enabled": True for part in ("", "webhook.", "cainjector.")}
# The chart writes 1 where no limit is set, so leaving this out is as good.
BY_DEFAULT = {key for key in PAGE if key.endswith("minAvailable")}


def values(dotted: Mapping[str, Json]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(merge(Setting(key, value, "") for key, value in dotted.items()).values))
    return found


def failing(dotted: Mapping[str, Json]) -> set[str]:
    named = {"apiVersion": "cmpolicy.dev/v1", "kind": "CertManagerValues", "metadata": {"name": "v"}}
    manifest = {**values(dotted), **named}
    return {rule.id for rule in LOADED.rules if judge(rule, manifest).verdict is Verdict.FAIL}


def test_the_pack_loads() -> None:
    assert LOADED.diagnostics == ()
    assert len(LOADED.rules) == 16


def test_the_page_passes_but_for_what_only_its_current_form_sets() -> None:
    assert failing(PAGE) == {"cmv-netpol-covers"}
    assert failing({**PAGE, **POLICIES}) == set()


@pytest.mark.parametrize("key", sorted({*PAGE, *POLICIES} - BY_DEFAULT))
def test_each_key_of_the_page_is_missed(key: str) -> None:
    assert failing({name: value for name, value in {**PAGE, **POLICIES}.items() if name != key})


@pytest.mark.parametrize("key", sorted({*PAGE, *POLICIES}))
def test_another_value_of_each_key_is_noticed(key: str) -> None:
    whole = {**PAGE, **POLICIES}
    other: dict[type, Json] = {
        bool: not whole[key],
        int: 2 if key.endswith("minAvailable") else 1,
        str: "low",
        list: [],
    }
    assert failing({**whole, key: other[type(whole[key])]})


def test_empty_values_fail_most() -> None:
    assert len(failing({})) == 10


@pytest.mark.parametrize("rule", LOADED.rules, ids=lambda rule: rule.id)
def test_what_a_rule_would_set_satisfies_it(rule: Any) -> None:
    manifest = {**values({**PAGE, **POLICIES, **all_values(rule)}), "apiVersion": "cmpolicy.dev/v1"}
    manifest |= {"kind": "CertManagerValues", "metadata": {"name": "v"}}
    assert judge(rule, manifest).verdict is Verdict.PASS or "{namespace}" in str(all_values(rule))


def test_each_rule_has_the_name_of_one_on_manifests() -> None:
    suffixes = {rule.removeprefix("cm-") for rule in NAMED}
    odd = {rule.id for rule in LOADED.rules if rule.id.removeprefix("cmv-") not in suffixes}
    assert odd == {"cmv-netpol-covers"}, "both directions are one value"


@pytest.mark.parametrize("target", TARGETS)
def test_no_engine_carries_them(target: str) -> None:
    gaps = [load_target(target).gap(rule) for rule in LOADED.rules]
    assert {gap.status if gap else None for gap in gaps} == {"never"}
