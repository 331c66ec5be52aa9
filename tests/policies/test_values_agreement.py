"""A rule on values says of them what the rule of its name says of the manifests that the chart makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Compiled, Verdict, compile_rules, inventory
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.values import Json, JsonMap

from tests.fix.chart import render
from tests.policies.packs import cert_manager
from tests.policies.values_cases import as_object, cases, values_pack

COUNTERPARTS: Mapping[str, tuple[str, ...]] = {
    # Both directions are one value.
    "cmv-netpol-covers": ("cm-netpol-covers-ingress", "cm-netpol-covers-egress"),
}
"""Where the name differs."""
BY_ITSELF = {"relations": "default"}
"""Where a manifest is held against others that not everybody has at hand, values are by themselves."""
NOT_THE_CHARTS = {"cmv-netpol-covers": "startupapicheck"}
"""The component for which the chart has no such value, so that no rule on values can ask for it."""
ANYWHERE = {"namespaces": ("cert-manager", "pki")}
"""Values may move the install to another namespace; rules on manifests are told of it."""
MANIFEST_RULES = {
    rule.id: set_parameters(rule, ANYWHERE) if any(each.name == "namespaces" for each in rule.parameters) else rule
    for rule in cert_manager().rules
}
CASES = tuple(cases())


def counterparts(rule: ir.Rule) -> tuple[ir.Rule, ...]:
    names = COUNTERPARTS.get(rule.id, (f"cm-{rule.id.removeprefix('cmv-')}",))
    return tuple(MANIFEST_RULES[name] for name in names)


PAIRS = [(rule, counterparts(rule)) for rule in values_pack().rules]


@cache
def compiled(rule_id: str, kind: ir.Kind) -> Compiled:
    rules = {**MANIFEST_RULES, **{rule.id: rule for rule in values_pack().rules}}
    return compile_rules([rules[rule_id]], kind)


def verdicts(rule: ir.Rule, objects: Iterable[JsonMap], known: JsonMap = NOTHING) -> set[Verdict]:
    """The verdicts of a rule on those of the objects that it looks at."""
    kinds = {(kind.api_version, kind.kind): kind for kind in rule.kinds}
    found = set()
    for each in objects:
        kind = kinds.get((str(each["apiVersion"]), str(each["kind"])))
        if kind is not None:
            found.add(compiled(rule.id, kind)(each, None, known)[0].verdict)
    return found - {Verdict.SKIP}


def asked(rule: ir.Rule, objects: Sequence[JsonMap]) -> Sequence[JsonMap]:
    """The objects that values can speak of."""
    other = NOT_THE_CHARTS.get(rule.id)
    return objects if other is None else [each for each in objects if other not in str(name_of(each))]


def name_of(manifest: JsonMap) -> Json:
    metadata = manifest["metadata"]
    assert isinstance(metadata, Mapping)
    return metadata["name"]


def assert_agreement(rule: ir.Rule, others: Sequence[ir.Rule], values: JsonMap, objects: Sequence[JsonMap]) -> bool:
    """Whether the manifests held something to judge. Where they hold nothing, values are not wrong either."""
    known = inventory(objects)
    of_values = verdicts(rule, [as_object(values)])
    of_manifests = {verdict for other in others for verdict in verdicts(other, asked(rule, objects), known)}
    assert (Verdict.FAIL in of_values) == (Verdict.FAIL in of_manifests), json.dumps(values)
    return bool(of_manifests)


def test_it_has_the_severity_of_its_counterpart_and_its_profiles() -> None:
    for rule, others in PAIRS:
        assert {other.about.severity for other in others} <= {rule.about.severity}, rule.id
        wanted = {frozenset(BY_ITSELF.get(name, name) for name in other.about.profiles) for other in others}
        assert wanted == {frozenset(rule.about.profiles)}, rule.id


@pytest.mark.parametrize(("rule", "others"), PAIRS, ids=lambda each: getattr(each, "id", ""))
def test_verdicts_agree(rule: ir.Rule, others: tuple[ir.Rule, ...]) -> None:
    judged = [assert_agreement(rule, others, values, render(values)) for values in CASES]
    assert len(judged) > 200
    assert sum(judged) > 20


@pytest.mark.parametrize(
    ("values", "manifests"),
    [
        (None, "default.yaml"),
        ("values.chart-defaults.yaml", "default.yaml"),
        ("values.best-practice-seed.yaml", "best-practice-seed.yaml"),
        ("values.best-practice-current.yaml", "best-practice-current.yaml"),
    ],
)
def test_verdicts_agree_on_real_values_and_what_helm_made_of_them(
    manifests_folder: Path, values: str | None, manifests: str
) -> None:
    folder = manifests_folder / "cert-manager"
    read = {} if values is None else yaml.safe_load((folder / values).read_text(encoding="utf-8"))
    text = (folder / manifests).read_text(encoding="utf-8")
    rendered = [each for each in yaml.safe_load_all(text) if each]
    judged = [assert_agreement(rule, others, read, rendered) for rule, others in PAIRS]
    assert sum(judged) > 5
