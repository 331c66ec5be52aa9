"""What objects must have."""

from __future__ import annotations

from cmpolicy.fields import index
from cmpolicy.fields.required import _all, required


def test_required_fields_are_those_of_the_schemas() -> None:
    assert required("DeploymentSpec") == ("selector", "template")
    assert required("Container") == ("name",)
    assert required("NoSuchType") == ()


def test_every_required_field_is_one_of_its_type() -> None:
    wrong = {name: fields for name, fields in _all().items() if not set(fields) <= index.fields(name).keys()}
    assert wrong == {}
