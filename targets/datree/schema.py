"""A rule as the schema of a Datree custom rule: JSON Schema, or Rego inside it where JSON Schema cannot say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.lang.jsonschema import DEFINITIONS, Elements, NotExpressible, QuantityKeywords, print_separated
from cmpolicy.lang.rego import Dialect, print_module
from cmpolicy.lang.schema_scopes import separate_scopes
from cmpolicy.lang.schema_text import Schema, all_of, any_of
from cmpolicy.lang.scopes import free
from cmpolicy.passes import bind_parameters, expand_workloads, normalize
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.passes.tree import walk
from cmpolicy.values import Json

QUANTITIES = QuantityKeywords("resourceMinimum", "resourceMaximum")
REGO = Dialect(
    # OPA 0.49.2: `if`, `contains` and `in` are not keywords yet
    imports=("future.keywords",),
    manifest="input",
    old="null",
    parameters=None,
    # Datree wants a set of booleans, and panics at a rule that is no set
    violation="true",
    has_message=False,
)


def schema_of(rule: ir.Rule) -> Schema:
    """The schema that accepts exactly the objects that the rule does not fail."""
    bound = bind_parameters(rule)
    if any(map(_computes, _conditions(bound))):
        return _by_rego(bound)
    clauses: list[Schema] = []
    of_when: Elements = {}
    of_condition: Elements = {}
    for variant, pod, kinds in _variants(normalize(bound)):
        # Datree's own keywords stay out of `if`: whatever goes wrong in there is taken for "does not match"
        matched = print_separated(variant.when, None, pod, of_when)
        accepted = print_separated(variant.condition, QUANTITIES, pod, of_condition)
        if isinstance(matched, NotExpressible) or isinstance(accepted, NotExpressible):
            return _by_rego(bound)
        clauses.append({"if": all_of([_gate(kinds), matched]), "then": accepted})
    schema: Schema = clauses[0] if len(clauses) == 1 else {"allOf": clauses}
    referred = frozenset(_references(schema))
    used = {name: definition for name, definition in DEFINITIONS.items() if f"#/definitions/{name}" in referred}
    return {"definitions": used, **schema} if used else schema


def _computes(condition: ir.Condition) -> bool:
    """Whether it asks for something that no schema says, however its scopes are separated."""
    return any(
        isinstance(node, ir.Old | ir.Flag | ir.Scaled | ir.UrlPort | ir.Seconds) and free(node)
        for node in walk(condition)
    )


def _by_rego(rule: ir.Rule) -> Schema:
    # Datree takes the word after the first "package" for its name, so it is the first token of the code
    code = print_module(rule, f"cmpolicy_{rule.id.replace('-', '_')}", REGO)
    return {"if": _gate(rule.kinds), "then": {"regoDefinition": {"code": code}}}


_Variant: TypeAlias = tuple[ir.Rule, tuple[str, ...], tuple[ir.Kind, ...]]
"""A rule with its scopes separated, where the pod is, and the kinds of which it asks this."""


def _variants(rule: ir.Rule) -> list[_Variant]:
    """What the rule asks of its kinds. Scopes are the same wherever the pod is, so they are separated once."""
    separated = _separated(rule)
    if not any(isinstance(node, ir.PodSpec | ir.PodMeta) for part in _conditions(rule) for node in walk(part)):
        return [(separated, (), rule.kinds)]
    kinds_by: dict[tuple[str, ...] | None, list[ir.Kind]] = {}
    for kind in rule.kinds:
        kinds_by.setdefault(pod_path(kind), []).append(kind)
    return [
        (_separated(normalize(expand_workloads(rule, kinds[0]))), (), tuple(kinds))
        if pod is None
        else (separated, pod, tuple(kinds))
        for pod, kinds in kinds_by.items()
    ]


def _conditions(rule: ir.Rule) -> tuple[ir.Condition, ir.Condition]:
    return rule.when, rule.condition


def _separated(rule: ir.Rule) -> ir.Rule:
    return rule.with_conditions(*map(separate_scopes, _conditions(rule)))


def _gate(kinds: Sequence[ir.Kind]) -> Schema:
    """Objects of one of these kinds; what has no `apiVersion` or `kind` is of none."""
    by_version: dict[str, list[str]] = {}
    for kind in kinds:
        by_version.setdefault(kind.api_version, []).append(kind.kind)
    return any_of(
        {
            "type": "object",
            "required": ["apiVersion", "kind"],
            "properties": {"apiVersion": {"const": version}, "kind": _one_of(names)},
        }
        for version, names in by_version.items()
    )


def _one_of(names: Sequence[str]) -> Schema:
    return {"const": names[0]} if len(names) == 1 else {"enum": list(dict.fromkeys(names))}


def _references(schema: Json) -> Iterator[str]:
    """What the schema refers to."""
    pending = [schema]
    while pending:
        match pending.pop():
            case {"$ref": str(target)}:
                yield target
            case dict() | Mapping() as fields:
                pending += fields.values()
            case list() as parts:
                pending += parts
            case _:
                pass
