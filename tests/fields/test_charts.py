"""The facts about charts are in themselves sound, and those of the chart's own schema and values where these are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cmpolicy.fields import index
from cmpolicy.fields.charts import OBJECT_FIELDS, chart
from cmpolicy.fields.index import Field, FieldType, ListOf, MapOf, ObjectType, Scalar
from cmpolicy.shapes import misfits

from tests.fix.chart_keys import KEYS

KIND = index.kind("CertManagerValues")[0]
CHART = chart(KIND)
# The schema's own words for what fields hold. Where it says less than we, Kubernetes says the rest: of what manifests get.
SAID_BY_SCHEMA = {
    Scalar.STRING: {"string"},
    Scalar.BOOLEAN: {"boolean"},
    Scalar.NUMBER: {"number"},
    Scalar.INTEGER: {"number"},
    Scalar.INT_OR_STRING: {"any"},
    Scalar.ANY: {"any"},
}


def known(type_name: str = "CertManagerValues", prefix: str = "") -> Iterator[tuple[str, Field]]:
    """Every value of the chart, by dotted key."""
    for name, field in index.fields(type_name).items():
        if prefix or name not in OBJECT_FIELDS:
            yield f"{prefix}{name}", field
            if isinstance(field.type, ObjectType) and field.type.name in CHART.types:
                yield from known(field.type.name, f"{prefix}{name}.")


FACTS = dict(known())


def said_by_schema(type_: FieldType) -> set[str]:
    match type_:
        case Scalar():
            return SAID_BY_SCHEMA[type_]
        case ListOf():
            return {"array"}
        case MapOf() | ObjectType():
            return {"object"}


def test_the_kind_is_of_no_cluster() -> None:
    assert KIND.is_local
    assert not index.kind("Deployment")[0].is_local
    assert not index.kind("Node")[0].is_local


def test_only_kinds_of_values_stand_for_a_chart() -> None:
    with pytest.raises(KeyError):
        chart(index.kind("Deployment")[0])


def test_a_value_has_the_type_that_the_tests_of_remedies_know() -> None:
    assert {key: said_by_schema(FACTS[key].type) for key in KEYS} == {key: {type_} for key, type_ in KEYS.items()}


def test_what_the_chart_sets_are_values_of_it_and_of_their_types() -> None:
    assert misfits({**CHART.defaults, "apiVersion": KIND.api_version, "kind": KIND.kind}) == ()
    assert not [key for key in leaves(CHART.defaults, "") if key not in FACTS]


def leaves(value: dict[str, Any] | Any, prefix: str) -> Iterator[str]:
    """The keys of maps whose fields are known, and of what is in them."""
    for key, inner in value.items():
        yield f"{prefix}{key}"
        field = FACTS.get(f"{prefix}{key}")
        if field is not None and isinstance(field.type, ObjectType) and field.type.name in CHART.types:
            yield from leaves(inner, f"{prefix}{key}.")


@pytest.fixture(scope="module")
def folder(manifests_folder: Path) -> Path:
    """The folder of the chart's own schema and values."""
    return manifests_folder / "cert-manager"


def test_the_facts_are_those_of_the_schema(folder: Path) -> None:
    schema = json.loads((folder / "values.chart-schema.json").read_text(encoding="utf-8"))
    definitions: dict[str, dict[str, Any]] = schema["$defs"]
    types = {
        key.removeprefix("helm-values."): each.get("type", "any")
        for key, each in definitions.items()
        if key != "helm-values"
    }
    assert {key: said_by_schema(field.type) for key, field in FACTS.items()} == {k: {v} for k, v in types.items()}


def test_the_keys_that_the_chart_refuses_are_those_of_the_schema(folder: Path) -> None:
    schema = json.loads((folder / "values.chart-schema.json").read_text(encoding="utf-8"))
    closed = {
        key.partition(".")[2] for key, each in schema["$defs"].items() if each.get("additionalProperties") is False
    }
    named = {"": "CertManagerValues", **{k: f.type.name for k, f in FACTS.items() if isinstance(f.type, ObjectType)}}
    assert {key for key, name in named.items() if name not in CHART.open_types} == closed


def test_what_the_chart_sets_is_what_its_own_values_say(folder: Path) -> None:
    assert CHART.defaults == yaml.safe_load((folder / "values.chart-defaults.yaml").read_text(encoding="utf-8"))
