"""The folder of Kyverno's CEL policies: a ValidatingPolicy for each rule, a kustomization and a `kyverno test` suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.lang.cel import print_program
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.admission import resource_rules, resources_of, validation, variables
from cmpolicy.targets.kustomize import kustomization, policy_path
from cmpolicy.targets.kyverno.access import access, is_scanned
from cmpolicy.targets.kyverno.annotations import catalogue_annotations
from cmpolicy.targets.kyverno.suite import CONTEXT, suite
from cmpolicy.targets.kyverno_cel.gaps import gap_of
from cmpolicy.targets.protocol import File, Gap, Options, Part, local_gap
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump


@dataclass(frozen=True, slots=True)
class KyvernoCel:
    """Kyverno 1.17 and newer, by its ValidatingPolicy."""

    name: str = "kyverno-cel"
    title: str = "Kyverno: ValidatingPolicy"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return local_gap(rule) or gap_of(rule)

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The policy and its tests."""
        policy = File(policy_path(rule), dump(validating_policy(rule, options)), rule.id)
        return Part([policy, *suite(rule, {"isValidatingPolicy": True}, CONTEXT)])

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """What Kyverno may read, and the kustomization."""
        roles = [*access(self.name, rules, resources_of)]
        return [*roles, kustomization([*(file.path for file in roles), *map(policy_path, rules)])]


TARGET = KyvernoCel()


def validating_policy(rule: ir.Rule, options: Options) -> JsonMap:
    """The rule as a ValidatingPolicy, everything that Kyverno would assume written out.

    Without `validationActions` Kyverno denies; without `controllers: []` it would generate policies for workloads.
    """
    bound = bind_parameters(rule)
    program = print_program(bound)
    return {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": rule.id, "annotations": catalogue_annotations(rule, "1.17.0")},
        "spec": {
            "validationActions": ["Deny" if options.blocks(rule) else "Audit"],
            "failurePolicy": "Fail" if options.blocks(rule) else "Ignore",
            "evaluation": {
                "mode": "Kubernetes",
                "admission": {"enabled": True},
                "background": {"enabled": is_scanned(rule)},
            },
            "autogen": {
                "podControllers": {"controllers": []},
                "validatingAdmissionPolicy": {"enabled": False},
            },
            "matchConstraints": {"resourceRules": resource_rules(rule)},
            **variables(program),
            "validations": [validation(bound, program)],
        },
    }
