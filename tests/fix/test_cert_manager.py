"""On cert-manager's chart the printed values fix what they say, and set at least what the Best Practice page sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from cmpolicy.fix.merge import keys_of
from cmpolicy.fix.plan import Plan, Way, make_plan
from cmpolicy.fix.text import values_text
from cmpolicy.values import Json, JsonMap

from tests.fix.chart import render
from tests.fix.judging import about, findings
from tests.fix.page_values import TABLE, page_values
from tests.policies.packs import cert_manager

RULES = cert_manager().rules
IDS = {rule.id for rule in RULES}


def plan_of(manifests: Sequence[JsonMap]) -> Plan:
    return make_plan(findings(RULES, manifests))


def at(values: Json, dotted: str) -> Json:
    for key in keys_of(dotted):
        values = values.get(key) if isinstance(values, dict) else None
    return values


def real(manifests_folder: Path, file: str) -> list[JsonMap]:
    text = (manifests_folder / "cert-manager" / file).read_text(encoding="utf-8")
    return [each for each in yaml.safe_load_all(text) if each]


def test_a_rule_stands_for_each_of_the_pages_values() -> None:
    assert {rule for _, _, rule in TABLE} <= IDS


def assert_holds_the_page(values: JsonMap) -> None:
    for key, wanted in page_values().items():
        found = at(values, key)
        if isinstance(wanted, list):
            assert isinstance(found, list)
            assert all(item in found for item in wanted), key
        else:
            assert found == wanted, key


def test_a_default_install_gets_what_the_page_sets() -> None:
    assert_holds_the_page(plan_of(render({})).merged.values)


def test_what_is_printed_is_what_was_merged() -> None:
    plan = plan_of(render({}))
    assert yaml.safe_load(values_text(plan, None)) == plan.merged.values


def test_the_values_clear_every_finding_that_they_claim_to_clear() -> None:
    plan = plan_of(render({}))
    claimed = about(plan.fixed_by(Way.VALUES))
    assert len(claimed) > 25
    left = about(findings(RULES, render(plan.merged.values)))
    assert not claimed & left


def test_values_follow_the_namespace_of_the_install() -> None:
    plan = plan_of(render({}, namespace="pki"))
    arguments = ["--namespace=pki", "--enable-certificates-data-source=false"]
    assert at(plan.merged.values, "cainjector.extraArgs") == arguments
    left = about(findings(RULES, render(plan.merged.values, namespace="pki")))
    assert not about(plan.fixed_by(Way.VALUES)) & left


def test_a_second_run_asks_for_nothing() -> None:
    values = plan_of(render({})).merged.values
    again = plan_of(render(values))
    assert not again.merged.leaves
    assert not again.conflicts


def test_an_install_by_the_page_needs_nothing_of_what_the_page_sets(manifests_folder: Path) -> None:
    plan = plan_of(real(manifests_folder, "best-practice-seed.yaml"))
    asked = {leaf for path in plan.merged.leaves for leaf in [".".join(path)]}
    assert asked, "the page sets neither resources nor nodes"
    assert not asked & {*page_values()}


def test_the_real_default_install_gets_what_the_page_sets(manifests_folder: Path) -> None:
    default, seed = real(manifests_folder, "default.yaml"), real(manifests_folder, "best-practice-seed.yaml")
    plan = plan_of(default)
    assert_holds_the_page(plan.merged.values)
    page = {".".join(keys_of(key)) for key in page_values()}
    by_page = {rule for path, leaf in plan.merged.leaves.items() if ".".join(path) in page for rule in leaf.rules}
    claimed = {each for each in about(plan.fixed_by(Way.VALUES)) if each[0] in by_page}
    assert len(claimed) > 10
    assert not claimed & about(findings(RULES, seed))


def test_the_model_of_the_chart_gets_the_verdicts_of_the_chart(manifests_folder: Path) -> None:
    assert about(findings(RULES, render({}))) == about(findings(RULES, real(manifests_folder, "default.yaml")))
