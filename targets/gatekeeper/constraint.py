"""The Constraint of a rule: which objects, which parameters, and what happens on a violation."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.targets.gatekeeper.metadata import metadata, unless_missing
from cmpolicy.targets.gatekeeper.names import constraint_kind
from cmpolicy.targets.protocol import Options
from cmpolicy.values import Json, JsonMap

ENFORCEMENT_POINTS = ("validation.gatekeeper.sh", "audit.gatekeeper.sh", "gator.gatekeeper.sh")
"""Where the constraint counts: the webhook, the audit and gator. Leaving out `vap.k8s.io` keeps its status free of an
error about a binding that `generateVAP: false` rules out."""


def constraint(rule: ir.Rule, options: Options) -> JsonMap:
    """The constraint as a document, everything written out that the API would fill in."""
    action = "deny" if options.blocks(rule) else "warn"
    points: list[Json] = [{"name": point} for point in ENFORCEMENT_POINTS]
    spec: dict[str, Json] = {
        "enforcementAction": "scoped",
        "scopedEnforcementActions": [{"action": action, "enforcementPoints": points}],
        "match": match(rule),
    }
    if rule.parameters:
        spec["parameters"] = {parameter.name: _given(parameter.default) for parameter in rule.parameters}
    return {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": constraint_kind(rule.id),
        "metadata": unless_missing(metadata(rule.id, rule, wave=1)),
        "spec": spec,
    }


def match(rule: ir.Rule) -> JsonMap:
    """The kinds, by group; versions are tested by the template.

    Any scope, since gator takes an object without a namespace for cluster-scoped in one command and for namespaced in
    another. Original objects alone, since a rule looks into workloads itself and an ExpansionTemplate would report twice.
    """
    groups = dict.fromkeys(kind.group for kind in rule.kinds)
    kinds: list[Json] = [
        {"apiGroups": [group], "kinds": list(dict.fromkeys(k.kind for k in rule.kinds if k.group == group))}
        for group in groups
    ]
    return {"kinds": kinds, "scope": "*", "source": "Original"}


def _given(value: ir.Constant) -> Json:
    return list(value) if isinstance(value, tuple) else value
