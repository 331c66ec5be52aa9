"""The folder for the API server: a ValidatingAdmissionPolicy and its binding for each rule, and a kustomization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.admission import program_of, resource_rules, validation, variables
from cmpolicy.targets.kustomize import kustomization, policy_path
from cmpolicy.targets.kyverno.suite import CONTEXT, suite
from cmpolicy.targets.protocol import File, Gap, Options, Part, local_gap
from cmpolicy.targets.vap.gaps import gap_of
from cmpolicy.values import JsonMap
from cmpolicy.yaml.writer import dump_all

_API_VERSION = "admissionregistration.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Vap:
    """The API server of Kubernetes 1.30 and newer, by ValidatingAdmissionPolicy."""

    name: str = "vap"
    title: str = "Kubernetes: ValidatingAdmissionPolicy and binding"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return local_gap(rule) or gap_of(rule)

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The policy with its binding, and their tests."""
        policy = File(policy_path(rule), dump_all(policy_and_binding(rule, options)), rule.id)
        return Part([policy, *suite(rule, {"isValidatingAdmissionPolicy": True}, CONTEXT, defines=True)])

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """The kustomization."""
        return [kustomization(map(policy_path, rules))]


TARGET = Vap()


def policy_and_binding(rule: ir.Rule, options: Options) -> tuple[JsonMap, JsonMap]:
    """The rule as a policy and the binding that puts it in force, everything that the API would default written out."""
    bound = bind_parameters(rule)
    program = program_of(bound)
    policy: JsonMap = {
        "apiVersion": _API_VERSION,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": _metadata(rule),
        "spec": {
            "failurePolicy": "Fail" if options.blocks(rule) else "Ignore",
            "matchConstraints": _match_resources(rule),
            **variables(program),
            "validations": [validation(bound, program)],
        },
    }
    binding: JsonMap = {
        "apiVersion": _API_VERSION,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": _metadata(rule),
        "spec": {
            "policyName": rule.id,
            "validationActions": ["Deny", "Audit"] if options.blocks(rule) else ["Warn", "Audit"],
            # Kyverno's command line judges every kind if a binding does not say it again.
            "matchResources": _match_resources(rule),
        },
    }
    return policy, binding


def _match_resources(rule: ir.Rule) -> JsonMap:
    return {
        "matchPolicy": "Equivalent",
        "namespaceSelector": {},
        "objectSelector": {},
        "resourceRules": resource_rules(rule),
    }


def _metadata(rule: ir.Rule) -> JsonMap:
    about = rule.about
    annotations = {
        "cmpolicy.dev/title": about.title,
        "cmpolicy.dev/category": about.category,
        "cmpolicy.dev/severity": about.severity.value,
        "cmpolicy.dev/description": about.description,
    }
    return {"name": rule.id, "annotations": {name: text for name, text in annotations.items() if text}}
