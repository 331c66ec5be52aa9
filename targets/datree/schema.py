"""A rule as the schema of a Datree custom rule: JSON Schema, or Rego inside it where JSON Schema cannot say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmpolicy import ir
from cmpolicy.lang.jsonschema import DEFINITIONS, NotExpressible, QuantityKeywords, print_schema
from cmpolicy.lang.rego import Dialect, print_module
from cmpolicy.lang.schema_text import Schema, all_of, any_of
from cmpolicy.passes import bind_parameters, expand_workloads, normalize
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
    clauses: list[Schema] = []
    for when, condition, kinds in _variants(bound):
        # Datree's own keywords stay out of `if`: whatever goes wrong in there is taken for "does not match"
        matched, accepted = print_schema(when), print_schema(condition, QUANTITIES)
        if isinstance(matched, NotExpressible) or isinstance(accepted, NotExpressible):
            return _by_rego(bound)
        clauses.append({"if": all_of([_gate(kinds), matched]), "then": accepted})
    schema: Schema = clauses[0] if len(clauses) == 1 else {"allOf": clauses}
    used = {name: definition for name, definition in DEFINITIONS.items() if _refers(schema, name)}
    return {"definitions": used, **schema} if used else schema


def _by_rego(rule: ir.Rule) -> Schema:
    # Datree takes the word after the first "package" for its name, so it is the first token of the code
    code = print_module(rule, f"cmpolicy_{rule.id.replace('-', '_')}", REGO)
    return {"if": _gate(rule.kinds), "then": {"regoDefinition": {"code": code}}}


def _variants(rule: ir.Rule) -> list[tuple[ir.Condition, ir.Condition, tuple[ir.Kind, ...]]]:
    """What the rule asks of its kinds, each with the kinds of which it asks the same."""
    kinds_by: dict[tuple[ir.Condition, ir.Condition], list[ir.Kind]] = {}
    for kind in rule.kinds:
        expanded = normalize(expand_workloads(rule, kind))
        kinds_by.setdefault((expanded.when, expanded.condition), []).append(kind)
    return [(when, condition, tuple(kinds)) for (when, condition), kinds in kinds_by.items()]


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


def _refers(schema: Json, name: str) -> bool:
    match schema:
        case {"$ref": str(target)}:
            return target == f"#/definitions/{name}"
        case Mapping():
            return any(_refers(part, name) for part in schema.values())
        case list():
            return any(_refers(part, name) for part in schema)
        case _:
            return False
