"""Gatekeeper's folder: templates, constraints, a kustomization that lists them in order, and a suite for gator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy import ir
from cmpolicy.targets.gatekeeper.constraint import constraint
from cmpolicy.targets.gatekeeper.gaps import gap_of
from cmpolicy.targets.gatekeeper.names import refuse_clashes
from cmpolicy.targets.gatekeeper.suite import suite_files
from cmpolicy.targets.gatekeeper.sync import sync_set
from cmpolicy.targets.gatekeeper.template import template
from cmpolicy.targets.kustomize import kustomization
from cmpolicy.targets.protocol import File, Gap, Options, local_gap
from cmpolicy.yaml.writer import dump


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """OPA Gatekeeper 3.19 and newer."""

    name: str = "gatekeeper"
    title: str = "OPA Gatekeeper: ConstraintTemplate in CEL and Rego, and Constraint"

    def gap(self, rule: ir.Rule) -> Gap | None:
        """Why the rule cannot be carried, or None."""
        return local_gap(rule) or gap_of(rule)

    def package(self, rules: Sequence[ir.Rule], options: Options) -> Sequence[File]:
        """Every file of the folder, by path. Two rules whose templates would have one name are a `CmpolicyError`."""
        ordered = sorted(rules, key=lambda rule: rule.id)
        refuse_clashes(rule.id for rule in ordered)
        templates = [File(f"templates/{rule.id}.yaml", dump(template(rule)), rule.id) for rule in ordered]
        constraints = [
            File(f"constraints/{rule.id}.yaml", dump(constraint(rule, options)), rule.id) for rule in ordered
        ]
        synced = [file] if (file := sync_set(ordered)) else []
        objects = [*synced, *templates, *constraints]
        files = [kustomization(objects), *objects, *suite_files(ordered)]
        return sorted(files, key=lambda file: file.path)


TARGET = Gatekeeper()
