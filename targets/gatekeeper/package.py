"""Gatekeeper's folder: templates, constraints, a kustomization that lists them in order, and a suite for gator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from cmpolicy import ir
from cmpolicy.targets.gatekeeper.constraint import constraint
from cmpolicy.targets.gatekeeper.gaps import gap_of
from cmpolicy.targets.gatekeeper.names import refuse_clashes
from cmpolicy.targets.gatekeeper.suite import samples, suite, tests
from cmpolicy.targets.gatekeeper.sync import sync_set
from cmpolicy.targets.gatekeeper.template import template
from cmpolicy.targets.kustomize import kustomization
from cmpolicy.targets.protocol import File, Gap, Options, Part, local_gap
from cmpolicy.yaml.writer import dump


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """OPA Gatekeeper 3.19 and newer."""

    name: str = "gatekeeper"
    title: str = "OPA Gatekeeper: ConstraintTemplate in CEL and Rego, and Constraint"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return local_gap(rule) or gap_of(rule)

    def part(self, rule: ir.Rule, options: Options) -> Part:
        """The template and constraint, the samples, and as text the tests."""
        objects = [
            File(_template_path(rule), dump(template(rule)), rule.id),
            File(_constraint_path(rule), dump(constraint(rule, options)), rule.id),
        ]
        return Part([*objects, *samples(rule)], tests(rule))

    def whole(self, rules: Sequence[ir.Rule], texts: Sequence[str], options: Options) -> Sequence[File]:
        """What Gatekeeper must sync, the kustomization and the suite.

        Two rules whose templates would have one name are a `CmpolicyError`.
        """
        refuse_clashes(sorted(rule.id for rule in rules))
        ordered = sorted(zip(rules, texts, strict=True), key=lambda each: each[0].id)
        sorted_rules = [rule for rule, _ in ordered]
        synced = [file] if (file := sync_set(rules)) else []
        paths = [file.path for file in synced], map(_template_path, sorted_rules), map(_constraint_path, sorted_rules)
        return [*synced, kustomization(chain(*paths)), suite(text for _, text in ordered)]


TARGET = Gatekeeper()


def _template_path(rule: ir.Rule) -> str:
    return f"templates/{rule.id}.yaml"


def _constraint_path(rule: ir.Rule) -> str:
    return f"constraints/{rule.id}.yaml"
