"""Helm values that depend: on a parameter of the rule, or on the object that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.dsl.conditions import condition_node
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Options, Value
from cmpolicy.dsl.match import Predicate, check_predicate
from cmpolicy.dsl.structures import Object
from cmpolicy.values import Json


@dataclass(frozen=True, slots=True)
class ValueOf:
    """The value of one of the rule's parameters."""

    parameter: str


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """A value that is the remedy for the objects that the predicate holds of."""

    predicate: Predicate
    value: Json | ValueOf


HelmValues: TypeAlias = Mapping[str, Json | ValueOf | OnlyFor]
"""Dotted Helm value to what fixes a failure."""


def value_of(parameter: str) -> ValueOf:
    """What a build sets this parameter of the rule to: `helm_values={"webhook.replicaCount": value_of("minimum")}`."""
    return ValueOf(parameter)


def only_for(predicate: Predicate, value: Json | ValueOf) -> OnlyFor:
    """A value for some of the objects that a rule looks at, such as those of one component; the predicate is one of
    those that `match(...).where(...)` takes. Of an object that none of a rule's predicates holds of, all are shown."""
    check_predicate(predicate)
    return OnlyFor(predicate, value)


def traced(
    values: HelmValues, root: Object, parameters: Mapping[str, Value | Options]
) -> Mapping[str, Json | ir.HelmValue]:
    """The values as the IR has them. Raises `AuthorError` for a parameter that the rule does not have."""
    return {key: _traced(value, root, parameters) for key, value in values.items()}


def _traced(
    value: Json | ValueOf | OnlyFor, root: Object, parameters: Mapping[str, Value | Options]
) -> Json | ir.HelmValue:
    match value:
        case OnlyFor(predicate, inner):
            return ir.HelmValue(_constant(inner, parameters), condition_node(predicate(root)))
        case ValueOf():
            return ir.HelmValue(_constant(value, parameters))
        case _:
            return value


def _constant(value: Json | ValueOf, parameters: Mapping[str, Value | Options]) -> Json | ir.Param:
    if not isinstance(value, ValueOf):
        return value
    found = parameters[value.parameter]._node if value.parameter in parameters else None
    if isinstance(found, ir.Param):
        return found
    known = ", ".join(_names(parameters)) or "none"
    raise author_error("helm", f"the rule has no parameter `{value.parameter}`", f"its parameters: {known}")


def _names(parameters: Mapping[str, Value | Options]) -> Iterator[str]:
    return (f"`{name}`" for name in parameters)
