"""The schemas that emitted files are checked against: they take what engines take, and no field that engines drop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import cast

import pytest
import yaml

from tests.schemas.convert import CONVERTED, file_of
from tests.schemas.validation import known, problems, schema_name

GOOD: list[dict[str, object]] = list(
    yaml.safe_load_all(Path(__file__).with_name("good.yaml").read_text(encoding="utf-8"))
)
TEMPLATE = next(document for document in GOOD if document.get("kind") == "ConstraintTemplate")

# Where users choose the keys: these, and no others, may be renamed.
FREE = {
    "rbac.authorization.k8s.io/v1/ClusterRole": {"metadata.labels.rbac.kyverno.io/aggregate-to-admission-controller"},
    "kyverno.io/v1/ClusterPolicy": {"metadata.annotations.policies.kyverno.io/title"},
    "cli.kyverno.io/v1alpha1/Values": {"policies.0.resources.0.values.free"},
    "templates.gatekeeper.sh/v1/ConstraintTemplate": {
        "metadata.annotations.metadata.gatekeeper.sh/title",
        "spec.crd.spec.validation.openAPIV3Schema.properties.minimum",
    },
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": {"metadata.labels.a"},
    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": {
        "spec.matchResources.namespaceSelector.matchLabels.a"
    },
    "datree/v1/Policies": {
        "customRules.0.schema.if.properties.kind",
        "customRules.0.schema.then.properties.spec",
    },
}


def misspelt(document: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every copy of a document in which one key has an `x` too many, with the path of that key."""
    for path in _key_paths(document):
        copy = deepcopy(dict(document))
        holder: object = copy
        for step in path[:-1]:
            holder = cast("dict[str | int, object]", holder)[step]
        keys = cast("dict[str | int, object]", holder)
        keys[f"{path[-1]}x"] = keys.pop(path[-1])
        yield ".".join(map(str, path)), copy


def _key_paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _key_paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _key_paths(inner, (*path, index))


def accepted(document: Mapping[str, object]) -> bool:
    template = TEMPLATE if schema_name(document).endswith("/Constraint") else None
    return known(document) and not problems(document, template)


@pytest.mark.parametrize("document", GOOD, ids=schema_name)
class TestSchema:
    def test_good_document_passes(self, document: dict[str, object]) -> None:
        template = TEMPLATE if schema_name(document).endswith("/Constraint") else None
        assert problems(document, template) == []

    def test_misspelt_field_is_rejected_wherever_it_is(self, document: dict[str, object]) -> None:
        taken = {path for path, wrong in misspelt(document) if accepted(wrong)}
        assert taken == FREE.get(schema_name(document), set())

    def test_status_is_rejected(self, document: dict[str, object]) -> None:
        assert problems({**document, "status": {}}) != []


def test_every_schema_has_a_good_document() -> None:
    assert {schema_name(document) for document in GOOD} >= CONVERTED.keys()


@pytest.mark.parametrize("kind", CONVERTED)
def test_converted_schema_is_shipped(kind: str) -> None:
    assert file_of(kind).stat().st_size > 500


@pytest.mark.parametrize(
    ("parameters", "accepted"),
    [
        pytest.param({"minimum": 2}, True, id="declared"),
        pytest.param({}, True, id="left_out"),
        pytest.param({"minimum": "2"}, False, id="of_another_type"),
        pytest.param({"maximum": 2}, False, id="undeclared"),
    ],
)
def test_constraint_parameters_follow_their_template(parameters: dict[str, object], accepted: bool) -> None:
    constraint = {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": "CmpGood",
        "metadata": {"name": "good"},
        "spec": {"parameters": parameters},
    }
    assert (problems(constraint, TEMPLATE) == []) is accepted


def test_schema_of_a_datree_rule_given_as_text_is_read() -> None:
    policies = deepcopy(next(document for document in GOOD if "customRules" in document))
    rule = cast("list[dict[str, object]]", policies["customRules"])[1]
    rule["jsonSchema"] = '{"typ": "object"}'
    assert problems(policies) != []


def test_template_that_misspells_its_parameter_schema_is_rejected() -> None:
    wrong = deepcopy(TEMPLATE)
    crd = cast("dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]]", wrong["spec"])["crd"]
    crd["spec"]["validation"]["openAPIV3Schema"]["propertys"] = {}
    assert problems(wrong) != []
