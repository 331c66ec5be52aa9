"""Check a document against the schema of its kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from tests.schemas.convert import Schema, convert_closed

HERE = Path(__file__).parent
_CONSTRAINTS = "constraints.gatekeeper.sh/"
_POLICIES = "datree/v1/Policies"
_TEMPLATE = "templates.gatekeeper.sh/v1/ConstraintTemplate"


def schema_name(document: Mapping[str, object]) -> str:
    """`kyverno.io/v1/ClusterPolicy`; every constraint shares one name, and Datree's file, which has no kind, has one."""
    api_version = str(document.get("apiVersion"))
    if "kind" not in document and "customRules" in document:
        return f"datree/{api_version}/Policies"
    return f"{api_version}/{'Constraint' if api_version.startswith(_CONSTRAINTS) else document.get('kind')}"


def known(document: Mapping[str, object]) -> bool:
    """There is a schema for documents of this kind."""
    return _file(schema_name(document)).exists()


def problems(document: Mapping[str, object], template: Mapping[str, object] | None = None) -> list[str]:
    """What is wrong with a document, one line each; a constraint's parameters are checked against its template."""
    name = schema_name(document)
    found = _errors(_validator(name), _with_parsed_schemas(document) if name == _POLICIES else document)
    if name == _TEMPLATE and not found:
        return _errors(_validator("structural"), _parameter_schema(document))
    if template is not None and not found:
        parameters = cast("Mapping[str, object]", document.get("spec", {})).get("parameters", {})
        return _errors(Draft202012Validator(convert_closed(_parameter_schema(template))), parameters)
    return found


def _with_parsed_schemas(policies: Mapping[str, object]) -> object:
    """The document with each rule's `jsonSchema`, which is text, as the `schema` that it stands for."""
    custom_rules = cast("list[dict[str, object]]", policies["customRules"])
    parsed = [
        {**{key: value for key, value in rule.items() if key != "jsonSchema"}, "schema": json.loads(text)}
        if isinstance(text := rule.get("jsonSchema"), str)
        else rule
        for rule in custom_rules
    ]
    return {**policies, "customRules": parsed}


def _parameter_schema(template: Mapping[str, object]) -> Schema:
    crd = _map(_map(_map(template, "spec"), "crd"), "spec")
    if "validation" not in crd:
        return {"type": "object"}
    return dict(_map(_map(crd, "validation"), "openAPIV3Schema"))


def _map(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", holder[key])


def _file(name: str) -> Path:
    return HERE / f"{name.replace('/', '_')}.json"


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(_file(name).read_text(encoding="utf-8")))


def _errors(validator: Draft202012Validator, value: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
