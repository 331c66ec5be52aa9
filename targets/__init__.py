"""The targets by name. A target's module is imported when it is asked for, so names cost nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmpolicy.targets.protocol import Target


@dataclass(frozen=True, slots=True)
class Entry:
    """A target in the table: its module, which holds it as `TARGET`, and what `build` says when it is done.

    `usage` are the commands that put the built `{folder}` to use, in their order; `note` is what users must know before
    they do.
    """

    module: str
    usage: tuple[str, ...]
    note: str = ""


APPLY = "kubectl apply -k {folder}"
APPLY_TEMPLATES = "kubectl apply -f {folder}/templates"
TEMPLATES_ARE_READY = "kubectl wait --for=jsonpath='{{.status.created}}'=true --timeout=120s constrainttemplates --all"
"""Then the kinds of constraints are there. `kubectl apply` looks up every kind before it applies anything, and fails for want of one."""

TARGETS: Mapping[str, Entry] = {
    "datree": Entry("cmpolicy.targets.datree.package", ("datree test --policy-config {folder}/policies.yaml PATH",)),
    "gatekeeper": Entry("cmpolicy.targets.gatekeeper.package", (APPLY_TEMPLATES, TEMPLATES_ARE_READY, APPLY)),
    "kyverno": Entry(
        "cmpolicy.targets.kyverno.package",
        (APPLY,),
        "Kyverno refuses new ClusterPolicies from 1.20 on. `--target kyverno-cel` has no such limit, and costs less.",
    ),
    "kyverno-cel": Entry("cmpolicy.targets.kyverno_cel.package", (APPLY,)),
    "vap": Entry("cmpolicy.targets.vap.package", (APPLY,)),
}


def load_target(name: str) -> Target:
    """The target of this name. Raises `KeyError` for an unknown one."""
    target: Target = import_module(TARGETS[name].module).TARGET
    return target
