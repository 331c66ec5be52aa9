"""Selectors of PodDisruptionBudgets."""

from __future__ import annotations

from cmpolicy.values import JsonMap

from ._components import COMPONENT_LABEL


def component_in(*values: str, operator: str = "In") -> JsonMap:
    """A selector that asks for the label of a component."""
    return {"matchExpressions": [{"key": COMPONENT_LABEL, "operator": operator, "values": list(values)}]}
