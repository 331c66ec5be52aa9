"""How a server writes fields: what is shipped fits the field index. `tests/cluster` holds it to the Go types."""

from __future__ import annotations

import pytest
from cmpolicy.fields import index
from cmpolicy.fields.written import _all, written


def test_every_field_is_one_of_its_type() -> None:
    named = {name: [*lists.get("kept", ()), *lists.get("always", ())] for name, lists in _all().items()}
    unknown = {name: sorted(set(fields) - index.fields(name).keys()) for name, fields in named.items()}
    assert {name: fields for name, fields in unknown.items() if fields} == {}


def test_pointers_stay_and_structs_are_always_there() -> None:
    assert {"automountServiceAccountToken", "terminationGracePeriodSeconds"} <= written("PodSpec").kept
    assert not {"hostNetwork", "nodeName", "volumes", "nodeSelector"} & written("PodSpec").kept
    assert written("Container").always == {"name", "resources"}
    assert written("ResourceFieldSelector").always == {"divisor", "resource"}


def test_a_type_that_is_gone_is_not_known() -> None:
    with pytest.raises(KeyError):
        written("ClaimSource")
