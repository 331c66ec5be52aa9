"""What fixes a failure: Helm values and manifests that may depend on a parameter of the rule, or on the object that failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
class TextOf:
    """A text that shows values of the object, as the rule's message does."""

    text: str


Template: TypeAlias = "Json | ValueOf | TextOf | Sequence[Template] | Mapping[str, Template]"
"""JSON in which some values are `value_of(...)` or `text_of(...)`."""


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """A value or manifest that is the remedy for the objects that the predicate holds of."""

    predicate: Predicate
    value: Template


HelmValues: TypeAlias = "Mapping[str, Template | OnlyFor]"
"""Dotted Helm value to what fixes a failure."""
FixManifests: TypeAlias = "Sequence[Template | OnlyFor]"
"""Manifests that fix a failure."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a remedy may speak of: the object, the rule's parameters, and how the rule's texts are read."""

    root: Object
    parameters: Mapping[str, Value | Options]
    message: Callable[[str], ir.Message]


def value_of(parameter: str) -> ValueOf:
    """What a build sets this parameter of the rule to: `helm_values={"webhook.replicaCount": value_of("minimum")}`."""
    return ValueOf(parameter)


def text_of(text: str) -> TextOf:
    """A text that shows values as `message` does: `text_of("--namespace={namespace}")` follows the object that failed."""
    return TextOf(text)


def only_for(predicate: Predicate, value: Template) -> OnlyFor:
    """A value for some of the objects that a rule looks at, such as those of one component; the predicate is one of
    those that `match(...).where(...)` takes. Of an object that none of a rule's predicates holds of, all are shown."""
    check_predicate(predicate)
    return OnlyFor(predicate, value)


def traced(values: HelmValues, scope: Scope) -> Mapping[str, ir.HelmValue]:
    """The values as the IR has them. Raises `AuthorError` for a parameter that the rule does not have."""
    return {key: ir.HelmValue(*_split(value, scope)) for key, value in values.items()}


def traced_manifests(given: FixManifests, scope: Scope) -> tuple[ir.FixManifest, ...]:
    """The manifests as the IR has them. Raises `AuthorError` for what is none, and as `traced` does."""
    found = tuple(ir.FixManifest(*_split(each, scope)) for each in given)
    for each in found:
        if not _is_manifest(each.manifest):
            remedy = "give it `apiVersion`, `kind` and `metadata.name`"
            raise author_error("manifest", "one of `fix_manifests` is no manifest", remedy)
    return found


def _is_manifest(template: ir.Template) -> bool:
    if not isinstance(template, Mapping) or not {"apiVersion", "kind"} <= template.keys():
        return False
    metadata = template.get("metadata")
    return isinstance(metadata, Mapping) and "name" in metadata


def _split(value: Template | OnlyFor, scope: Scope) -> tuple[ir.Template, ir.Condition]:
    if isinstance(value, OnlyFor):
        return _template(value.value, scope), condition_node(value.predicate(scope.root))
    return _template(value, scope), ir.TRUE


def _template(value: Template, scope: Scope) -> ir.Template:
    match value:
        case ValueOf(parameter):
            return _parameter(parameter, scope.parameters)
        case TextOf(text):
            return ir.Shown(scope.message(text), text)
        case str():
            return value
        case Mapping():
            return {key: _template(inner, scope) for key, inner in value.items()}
        case Sequence():
            return [_template(inner, scope) for inner in value]
        case _:
            return value


def _parameter(name: str, parameters: Mapping[str, Value | Options]) -> ir.Param:
    found = parameters[name]._node if name in parameters else None
    if isinstance(found, ir.Param):
        return found
    known = ", ".join(f"`{each}`" for each in parameters) or "none"
    raise author_error("helm", f"the rule has no parameter `{name}`", f"its parameters: {known}")
