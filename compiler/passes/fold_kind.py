"""Where a rule is about one kind, the kind of the object is a constant."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.passes.tree import map_rule, walk_rule

_KIND = ir.Get(ir.Obj(), "kind")


def fold_kind(rule: ir.Rule) -> ir.Rule:
    """`Get(Obj(), "kind")  ->  Const("Pod")` for a rule about Pods. A deletion has no object, and so no kind."""
    names = {kind.kind for kind in rule.kinds}
    if len(names) > 1 or ir.Operation.DELETE in rule.operations or _KIND not in set(walk_rule(rule)):
        return rule
    constant = ir.Const(names.pop())
    return map_rule(rule, lambda value: constant if value == _KIND else value)
