"""Kyverno's folder: a ClusterPolicy for each rule, a kustomization and a suite for `kyverno test`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.kustomize import kustomization, policy_path
from cmpolicy.targets.kyverno.access import access, is_scanned
from cmpolicy.targets.kyverno.annotations import catalogue_annotations
from cmpolicy.targets.kyverno.denial import body
from cmpolicy.targets.kyverno.gaps import gap_of
from cmpolicy.targets.kyverno.suite import suite
from cmpolicy.targets.kyverno.values import VALUES
from cmpolicy.targets.protocol import File, Gap, Options, Part, local_gap
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

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The policy and its tests."""
        policy = File(policy_path(rule), dump(cluster_policy(rule, options)), rule.id)
        return Part([policy, *suite(rule, {"rule": rule.id}, VALUES)])

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """What Kyverno may read, and the kustomization."""
        roles = [*access(self.name, rules)]
        return [*roles, kustomization([*(file.path for file in roles), *map(policy_path, rules)])]


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


def _rule(rule: ir.Rule, action: str) -> JsonMap:
    operations = [operation.value for operation in rule.operations]
    resources: JsonMap = {"kinds": [selector(kind) for kind in rule.kinds], "operations": operations}
    return {
        "name": rule.id,
        "match": {"any": [{"resources": resources}]},
        "skipBackgroundRequests": True,
        **body(rule, action),
    }


def selector(kind: ir.Kind) -> str:
    """`apps/v1/Deployment`; `/v1/Pod` for the core group, where `v1/Pod` would be of any group."""
    return f"{kind.group}/{kind.version}/{kind.kind}"
