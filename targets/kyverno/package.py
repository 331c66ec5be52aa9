"""Kyverno's folder: a ClusterPolicy for each rule, a kustomization and a suite for `kyverno test`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.lang.cel_program import CelProgram
from cmpolicy.passes import bind_parameters
from cmpolicy.passes.tree import known_kinds
from cmpolicy.targets.admission import program_of, validation, variables
from cmpolicy.targets.kustomize import kustomization
from cmpolicy.targets.kyverno import lookup
from cmpolicy.targets.kyverno.access import access, is_scanned
from cmpolicy.targets.kyverno.annotations import catalogue_annotations
from cmpolicy.targets.kyverno.gaps import gap_of
from cmpolicy.targets.kyverno.suite import suite
from cmpolicy.targets.kyverno.values import VALUES
from cmpolicy.targets.protocol import File, Gap, Options, local_gap
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump


@dataclass(frozen=True, slots=True)
class Kyverno:
    """Kyverno 1.13 to 1.19, by its ClusterPolicy."""

    name: str = "kyverno"
    title: str = "Kyverno: ClusterPolicy"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return local_gap(rule) or gap_of(rule)

    def package(self, rules: Sequence[ir.Rule], options: Options) -> Sequence[File]:
        """Every file of the folder, by path."""
        policies = [File(f"policies/{rule.id}.yaml", dump(cluster_policy(rule, options)), rule.id) for rule in rules]
        objects = [*access(self.name, rules), *policies]
        tests = (file for rule in rules for file in suite([rule], {"rule": rule.id}, VALUES))
        return sorted([kustomization(objects), *objects, *tests], key=lambda file: file.path)


TARGET = Kyverno()


def cluster_policy(rule: ir.Rule, options: Options) -> JsonMap:
    """The rule as a ClusterPolicy, everything that its CRD would default written out."""
    bound = bind_parameters(rule)
    action = "Enforce" if options.blocks(rule) else "Audit"
    autogen: JsonMap = {"pod-policies.kyverno.io/autogen-controllers": "none"}
    return {
        "apiVersion": "kyverno.io/v1",
        "kind": "ClusterPolicy",
        "metadata": {"name": rule.id, "annotations": {**catalogue_annotations(rule, "1.13.0"), **autogen}},
        "spec": {
            "admission": True,
            "background": is_scanned(rule),
            "emitWarning": False,
            # Deprecated, but what the CRD would write; the same as the rule's own action, which comes first.
            "validationFailureAction": action,
            "webhookConfiguration": {"failurePolicy": "Fail" if options.blocks(rule) else "Ignore"},
            "rules": [_rule(bound, action)],
        },
    }


def looks_up(rule: ir.Rule) -> bool:
    """Whether the rule is carried by JMESPath, and not by CEL, which sees no object but the one under review."""
    return bool(known_kinds(rule))


def _rule(rule: ir.Rule, action: str) -> JsonMap:
    operations = [operation.value for operation in rule.operations]
    resources: JsonMap = {"kinds": [selector(kind) for kind in rule.kinds], "operations": operations}
    return {
        "name": rule.id,
        "match": {"any": [{"resources": resources}]},
        "skipBackgroundRequests": True,
        **(lookup.body(rule, action) if looks_up(rule) else {"validate": _in_cel(rule, action)}),
    }


def _in_cel(rule: ir.Rule, action: str) -> JsonMap:
    program = program_of(rule)
    return {
        "failureAction": action,
        "allowExistingViolations": True,
        "cel": {
            "generate": False,
            **variables(program),
            "expressions": [_expression(rule, program)],
        },
    }


def _expression(rule: ir.Rule, program: CelProgram) -> JsonMap:
    """The validation, its constant message escaped: that text is shown as it stands only from an expression."""
    fields = validation(rule, program)
    message = str(fields["message"])
    if not lookup.SUBSTITUTED.search(message):
        return fields
    return {**fields, "message": lookup.SUBSTITUTED.sub(r"\\\g<0>", message), "messageExpression": program.message}


def selector(kind: ir.Kind) -> str:
    """`apps/v1/Deployment`; `/v1/Pod` for the core group, where `v1/Pod` would be of any group."""
    return f"{kind.group}/{kind.version}/{kind.kind}"
