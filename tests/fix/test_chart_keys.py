"""Every Helm value that a rule names is one of the chart's, and of its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.fix.merge import keys_of
from cmpolicy.helm import all_values
from cmpolicy.values import Json

from tests.fix.chart_keys import KEYS
from tests.fix.page_values import page_values
from tests.policies.packs import cert_manager, hardening

TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "number": (int, float),
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "any": (int, str),
}
RULES = (*cert_manager().rules, *hardening().rules)
USED = [(rule.id, key, value) for rule in RULES for key, value in all_values(rule).items()]


def known_part(dotted: str) -> str | None:
    """The key of the chart that it is, or is a part of: `resources.limits.memory` is a part of `resources`."""
    keys = keys_of(dotted)
    ends = (".".join(keys[:length]) for length in range(len(keys), 0, -1))
    return next((end for end in ends if end in KEYS), None)


@pytest.mark.parametrize(("rule", "key", "value"), USED, ids=lambda each: each if isinstance(each, str) else "")
def test_the_chart_has_the_value(rule: str, key: str, value: Json) -> None:
    part = known_part(key)
    assert part is not None, f"{rule}: the chart has no value `{key}`"
    if part == key:
        assert isinstance(value, TYPES[KEYS[part]]), f"{rule}: `{key}` is {KEYS[part]}"
        assert KEYS[part] != "number" or not isinstance(value, bool)
    else:
        assert KEYS[part] == "object", f"{rule}: nothing can be set inside `{part}`"


def test_the_chart_has_the_values_of_the_page() -> None:
    assert {*page_values()} <= {*KEYS}


def test_a_misspelt_value_is_noticed() -> None:
    assert known_part("webhook.replicas") is None
    assert known_part("startupapicheck.replicaCount") is None
    assert known_part("resources.limits.memory") == "resources"


def test_the_facts_are_those_of_the_chart(manifests_folder: Path) -> None:
    schema = json.loads((manifests_folder / "cert-manager" / "values.chart-schema.json").read_text(encoding="utf-8"))
    definitions: dict[str, dict[str, Any]] = schema["$defs"]
    assert {key: definitions[f"helm-values.{key}"].get("type", "any") for key in KEYS} == dict(KEYS)
