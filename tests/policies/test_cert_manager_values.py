"""The values pack says of the page's values, key by key, what the page says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.fields import index
from cmpolicy.fields.charts import chart
from cmpolicy.fields.index import ObjectType
from cmpolicy.fix.merge import Setting, keys_of, merge
from cmpolicy.fix.overlay import overlay
from cmpolicy.helm import all_values, meant_values
from cmpolicy.load import built_in_packs
from cmpolicy.passes.tree import walk
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.values import Json, JsonMap

from tests.fields.test_charts import FACTS
from tests.policies.test_source import NAMED
from tests.policies.values_cases import PAGE, as_object, cases, plain, tree, values_pack

RULES = values_pack().rules
CHART = chart(index.kind("CertManagerValues")[0])
# The chart writes 1 where no limit is set, so leaving this out is as good.
BY_DEFAULT = {key for key in PAGE if key.endswith("minAvailable")}


def failing(values: JsonMap) -> set[str]:
    return {rule.id for rule in RULES if judge(rule, as_object(values)).verdict is Verdict.FAIL}


def test_the_pack_loads() -> None:
    assert values_pack().diagnostics == ()
    assert len(RULES) == 17


def test_the_page_passes_but_for_what_only_its_current_form_sets() -> None:
    before = {key: value for key, value in PAGE.items() if not key.endswith("networkPolicy.enabled")}
    assert failing(tree(before)) == {"cmv-netpol-covers"}
    assert failing(tree(PAGE)) == set()


@pytest.mark.parametrize("key", sorted({*PAGE} - BY_DEFAULT))
def test_each_key_of_the_page_is_missed(key: str) -> None:
    assert failing(tree({name: value for name, value in PAGE.items() if name != key}))


@pytest.mark.parametrize("key", sorted(PAGE))
def test_another_value_of_each_key_is_noticed(key: str) -> None:
    other: dict[type, Json] = {
        bool: not PAGE[key],
        int: 2 if key.endswith("minAvailable") else 1,
        str: "low",
        list: [],
    }
    assert failing(tree({**PAGE, key: other[type(PAGE[key])]}))


def test_what_the_chart_sets_and_nothing_at_all_is_the_same() -> None:
    assert failing({}) == failing(CHART.defaults)
    assert len(failing({})) == 10


def reads(rule: ir.Rule) -> Iterator[tuple[str, ...]]:
    """The paths that a rule reads of the values, as far as they lead outside of lists."""
    for condition in (rule.when, rule.condition, *(each.when for each in rule.about.helm_values.values())):
        for node in walk(condition):
            if isinstance(node, ir.Get) and (path := path_of(node)) is not None:
                yield path


def path_of(node: ir.Value) -> tuple[str, ...] | None:
    match node:
        case ir.Obj():
            return ()
        case ir.Get(base, str(key)):
            path = path_of(base)
            return None if path is None else (*path, key)
        case _:
            return None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_chart_has_what_a_rule_reads_and_what_it_would_set(rule: ir.Rule) -> None:
    read = {".".join(path) for path in reads(rule)}
    assert read
    assert read <= {*FACTS}
    assert {*rule.about.helm_values} <= {*FACTS}


def test_a_path_that_the_chart_lacks_would_be_noticed() -> None:
    misspelt = ir.Get(ir.Get(ir.Obj(), "webhook"), "replicas")
    assert path_of(misspelt) == ("webhook", "replicas")
    assert "webhook.replicas" not in FACTS
    assert "webhook.replicaCount" in FACTS


def unknown(values: JsonMap, type_name: str = "CertManagerValues", prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        field = index.fields(type_name).get(key)
        if field is None and type_name not in CHART.open_types:
            yield f"{prefix}{key}"
        elif field and isinstance(field.type, ObjectType) and isinstance(value, Mapping):
            yield from unknown(value, field.type.name, f"{prefix}{key}.")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_are_values_that_the_chart_takes(rule: ir.Rule) -> None:
    examples = [plain(example) for example in (*rule.about.good, *rule.about.bad)]
    assert len(examples) > 2
    assert [key for example in examples for key in unknown(example)] == []


def advice(values: JsonMap) -> JsonMap:
    """What the rules that fail would set, together."""
    obj = as_object(values)
    asked = {rule.id: meant_values(rule, obj) for rule in RULES if rule.id in failing(values)}
    assert all(asked.values()), values
    wanted = merge(Setting(key, value, name) for name, each in asked.items() for key, value in each.items())
    assert not wanted.conflicts, values
    return wanted.values


def test_who_follows_the_rules_has_no_failure_left() -> None:
    """After two runs: a budget is judged once it is switched on. Of a list people keep what is theirs, or nothing."""
    seen = {rule for values in cases() for rule in failing(values)}
    assert seen == {rule.id for rule in RULES}
    for values in cases():
        kept = overlay(values, advice(values))
        whole = replaced(values, advice(values))
        assert set() in (failing(overlay(kept, advice(kept))), failing(replaced(whole, advice(whole)))), values


def replaced(values: JsonMap, changes: JsonMap) -> JsonMap:
    """As Helm merges two files."""
    merged = dict(values)
    for key, value in changes.items():
        below = merged.get(key)
        merged[key] = replaced(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def test_each_rule_has_the_name_of_one_on_manifests() -> None:
    suffixes = {rule.removeprefix("cm-") for rule in NAMED}
    odd = {rule.id for rule in RULES if rule.id.removeprefix("cmv-") not in suffixes}
    assert odd == {"cmv-netpol-covers"}, "both directions are one value"


def test_each_key_of_the_page_is_set_by_some_rule() -> None:
    offered = {".".join(keys_of(key)) for rule in RULES for key in all_values(rule)}
    assert {*PAGE} <= offered


@pytest.mark.parametrize("target", TARGETS)
def test_no_engine_carries_them(target: str) -> None:
    gaps = [load_target(target).gap(rule) for rule in RULES]
    assert {gap.status if gap else None for gap in gaps} == {"never"}
    assert all(gap and "cmpolicy check --helm-values" in gap.reason for gap in gaps)


def test_the_packs_on_values_and_on_manifests_ask_the_same_of_token_volumes() -> None:
    """A pack stands by itself, so that it can be copied and compared with an earlier revision: each has the file."""
    files = [folder / "_token_sources.py" for folder in built_in_packs()]
    texts = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    assert len(texts) == 2
    assert texts[0] == texts[1]
