"""The other objects for `kyverno test`, which calls no API: values of the variables that the calls would fill."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.lang.jmespath import Call, print_context
from cmpolicy.passes import bind_parameters
from cmpolicy.targets.kyverno.suite import Others, Supply
from cmpolicy.values import JsonMap


def values(rule: ir.Rule, others: Others) -> JsonMap:
    """All objects of its kind for each call; the policy itself leaves out those of other namespaces."""
    called = print_context(bind_parameters(rule)).entries
    given: JsonMap = {
        name: [
            other for other in others if (other["apiVersion"], other["kind"]) == (call.kind.api_version, call.kind.kind)
        ]
        for name, call in called
        if isinstance(call, Call)
    }
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Values",
        "metadata": {"name": "others"},
        "policies": [{"name": rule.id, "rules": [{"name": rule.id, "values": given}]}],
    }


def _as_given(_: ir.Rule, others: Others) -> Others:
    return others


VALUES = Supply("values.yaml", "variables", values, _as_given, has_custom=True)
"""What ClusterPolicies look up."""
