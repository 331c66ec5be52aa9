"""What ValidatingAdmissionPolicy and Kyverno's ValidatingPolicy share: Kubernetes' own match rules and validations in CEL."""

from __future__ import annotations

from collections.abc import Iterator

from cmpolicy import ir
from cmpolicy.lang.cel import print_program
from cmpolicy.lang.cel_program import CelProgram, Roots
from cmpolicy.lang.messages import is_static, static_message
from cmpolicy.once import once
from cmpolicy.passes import bind_parameters
from cmpolicy.passes.tree import has_any, known_kinds, walk_rule
from cmpolicy.values import Json, JsonMap


def resource_rules(rule: ir.Rule) -> list[Json]:
    """The kinds of a rule as `resourceRules`, one for each API group and version, with everything defaulted."""
    by_group: dict[tuple[str, str], list[str]] = {}
    for kind in rule.kinds:
        by_group.setdefault((kind.group, kind.version), []).extend(resources_of(kind))
    operations = [operation.value for operation in rule.operations]
    return [
        {
            "apiGroups": [group],
            "apiVersions": [version],
            "operations": [*operations],
            "resources": [*resources],
            "scope": "*",
        }
        for (group, version), resources in by_group.items()
    ]


def resources_of(kind: ir.Kind) -> Iterator[str]:
    """What a policy on a kind matches: a debug container comes in through a subresource, with the whole Pod as its object."""
    yield kind.plural
    if (kind.group, kind.kind) == ("", "Pod"):
        yield f"{kind.plural}/ephemeralcontainers"


@once
def program_of(rule: ir.Rule) -> CelProgram:
    """The program of a rule whose parameters are bound, for the API server.

    It takes objects for dynamic, as Kyverno does by itself. Where their schema is known, what guards against others is
    refused, or warned of.
    """
    return print_program(rule, Roots("dyn(object)", "dyn(oldObject)"))


LONGEST_EXPRESSION = 100_000
"""Code points that cel-go reads of an expression, in the API server, Kyverno and Gatekeeper; it refuses a longer one."""
SMALL_RULE = 300
"""Nodes and characters of constants up to which no rule comes near that: it has less than 100 code points for each."""


def variables(program: CelProgram) -> JsonMap:
    """The field with the variables of a program, in their order; none where there are none, as servers drop an empty list."""
    listed: list[Json] = [{"name": name, "expression": expression} for name, expression in program.variables]
    return {"variables": listed} if listed else {}


def validation(rule: ir.Rule, program: CelProgram) -> JsonMap:
    """The one validation of a rule. The constant message is what shows should the expression of the other fail."""
    fields = {"expression": program.validation, "message": static_message(rule)}
    return fields if is_static(rule) else {**fields, "messageExpression": program.message}


def is_admission_only(rule: ir.Rule) -> bool:
    """Whether the rule reads or matches what only a request has, so that a scan of stored objects cannot judge it."""
    return has_any(rule, ir.Old) or ir.Operation.CREATE not in rule.operations


def only_under_review(rule: ir.Rule, policy: str) -> str:
    """Why a policy that sees no object but the one under review cannot carry the rule; empty if it can."""
    kinds = " and ".join(kind.kind for kind in known_kinds(rule))
    return f"the rule looks up objects of kind {kinds}, and {policy} sees only the one under review" if kinds else ""


@once  # every target asks
def too_long(rule: ir.Rule) -> str:
    """Why no engine reads the CEL of the rule, and what to do; empty if they do."""
    if weight(rule) <= SMALL_RULE:
        return ""
    bound = bind_parameters(rule)
    # Other names for the objects make no text four times as long.
    if longest_expression(program_of(bound)) < LONGEST_EXPRESSION / 4:
        return ""
    length = longest_expression(longest_program(bound))
    if length <= LONGEST_EXPRESSION:
        return ""
    return (
        f"CEL takes {LONGEST_EXPRESSION:,} characters in an expression, and the rule needs up to {length:,}; write two rules of it, "
        "or ask once for what several of its conditions ask for"
    )


@once
def longest_program(rule: ir.Rule) -> CelProgram:
    """The program of a rule with the longest names that any of the targets has for the objects."""
    return print_program(rule, Roots("variables.anyObject", "dyn(oldObject)"))


def longest_expression(program: CelProgram) -> int:
    """The code points of the longest expression of a program."""
    return max(map(len, (program.validation, program.message, *(expression for _, expression in program.variables))))


def weight(rule: ir.Rule) -> int:
    """How much there is of a rule: its nodes, and the characters of its constants."""
    texts = [part for part in rule.message if isinstance(part, str)]
    return sum(1 + len(_constant(node)) for node in walk_rule(rule)) + sum(map(len, texts))


def _constant(node: ir.Node) -> str:
    match node:
        case ir.Const(value):
            return str(value)
        case ir.Param():
            return str(node.default)
        case ir.Matches(_, pattern):
            return pattern
        case _:
            return ""
