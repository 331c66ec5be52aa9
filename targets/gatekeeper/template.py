"""The ConstraintTemplate of a rule: its parameters' schema, and the rule in CEL and in Rego.

Gatekeeper runs the first engine that is switched on, CEL unless it is told otherwise; both give the same answer.
"""

from __future__ import annotations

import json
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.evaluate.quantity import PATTERN
from cmpolicy.lang.cel import print_program
from cmpolicy.lang.cel_program import Roots
from cmpolicy.lang.rego import Dialect, print_module
from cmpolicy.lang.rego_body import get, quote
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.admission import too_long, validation, variables
from cmpolicy.targets.gatekeeper.metadata import metadata
from cmpolicy.targets.gatekeeper.names import constraint_kind, package_name, template_name
from cmpolicy.targets.gatekeeper.sync import requiring_sync
from cmpolicy.values import Json, JsonMap

TARGET = "admission.k8s.gatekeeper.sh"
_OPERATIONS = ("CREATE", "UPDATE", "DELETE", "CONNECT")


def template(rule: ir.Rule) -> JsonMap:
    """The template as a document."""
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": requiring_sync(metadata(template_name(rule.id), rule, wave=0), known_kinds(rule)),
        "spec": {
            "crd": {
                "spec": {
                    "names": {"kind": constraint_kind(rule.id)},
                    "validation": {"openAPIV3Schema": parameters_schema(rule)},
                },
            },
            "targets": [{"target": TARGET, "code": _code(rule)}],
        },
    }


def parameters_schema(rule: ir.Rule) -> JsonMap:
    """The structural schema of `spec.parameters`. Its defaults are what the code falls back to as well."""
    schema: dict[str, Json] = {"type": "object", "description": f"Parameters of the rule {rule.id}"}
    if rule.parameters:
        schema["properties"] = {parameter.name: _parameter_schema(parameter) for parameter in rule.parameters}
    return schema


def _parameter_schema(parameter: ir.Param) -> JsonMap:
    default: Json = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
    description = parameter.description or f"The parameter {parameter.name}"
    return {
        **_type_schema(parameter.type, description),
        "nullable": True,
        "description": description,
        "default": default,
    }


def _type_schema(type_: ir.ParameterType, description: str) -> JsonMap:
    match type_:
        case ir.ParameterType.QUANTITY:
            return {"type": "string", "pattern": PATTERN}
        case ir.ParameterType.STRINGS:
            return {"type": "array", "items": {"type": "string", "description": f"One of: {description}"}}
        case ir.ParameterType.INTEGERS:
            return {"type": "array", "items": {"type": "integer", "description": f"One of: {description}"}}
        case ir.ParameterType.INTEGER | ir.ParameterType.NUMBER:
            return {"type": type_.value, "minimum": -ir.MAX_EXACT_INTEGER, "maximum": ir.MAX_EXACT_INTEGER}
        case _:
            return {"type": type_.value}


def _code(rule: ir.Rule) -> list[Json]:
    """Rego alone where Gatekeeper's CEL cannot: it sees no other objects, and reads no expression over a length."""
    return [_rego(rule)] if known_kinds(rule) or too_long(rule) else [_cel(rule), _rego(rule)]


def _cel(rule: ir.Rule) -> JsonMap:
    # On deletion `object` is null here, and `variables.anyObject` is the object that goes.
    program = print_program(rule, Roots("variables.anyObject", "oldObject", "variables.params"))
    guarded = replace(program, validation=" || ".join([*_passed_over(rule), f"({program.validation})"]))
    return {
        "engine": "K8sNativeValidation",
        "source": {
            "failurePolicy": "Fail",
            # Bindings made by Gatekeeper leave out parts of a match; the target `vap` makes policies without them.
            "generateVAP": False,
            **variables(program),
            "validations": [validation(rule, guarded)],
        },
    }


def _passed_over(rule: ir.Rule) -> list[str]:
    """When the rule does not look at the object: at other operations, and, as matching knows no versions, other kinds."""
    kinds = [f'["{kind.api_version}", "{kind.kind}"]' for kind in rule.kinds]
    is_kind = f"[variables.anyObject.apiVersion, variables.anyObject.kind] in [{', '.join(kinds)}]"
    return [_other_operation(rule, "request.operation"), f"!({is_kind})"]


def _rego(rule: ir.Rule) -> JsonMap:
    rego = print_module(rule, package_name(rule.id), _dialect(rule))
    return {"engine": "Rego", "source": {"version": "v1", "rego": rego}}


def _dialect(rule: ir.Rule) -> Dialect:
    manifest, old = (get("input", map(quote, ("review", name))) for name in ("object", "oldObject"))
    # The CEL driver may take the object of a deletion out of the request that both share.
    deleted = f"default_to({manifest}, {old})" if ir.Operation.DELETE in rule.operations else manifest
    return Dialect(
        imports=(),
        manifest=deleted,
        old=old,
        parameters=("parameters",),
        violation=f'{{"msg": message, "details": {{"rule": {json.dumps(rule.id)}}}}}',
        has_message=True,
        guards=(_own_operation(rule),),
    )


def _other_operation(rule: ir.Rule, operation: str) -> str:
    """In CEL, that the operation is none of the rule's. Audit and gator name none: they judge as if creating."""
    if ir.Operation.CREATE in rule.operations:
        return f"{operation} in {json.dumps([each for each in _OPERATIONS if each not in rule.operations])}"
    return f"!({operation} in {json.dumps(rule.operations)})"


def _own_operation(rule: ir.Rule) -> str:
    """The same in Rego, the other way round."""
    operation = get("input", map(quote, ("review", "operation")))
    if ir.Operation.CREATE in rule.operations:
        return f"not {operation} in {json.dumps([each for each in _OPERATIONS if each not in rule.operations])}"
    return f"{operation} in {json.dumps(rule.operations)}"
