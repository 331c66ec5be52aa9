"""Where a rule is about one kind, the kind that its message shows is a constant."""

from __future__ import annotations

from dataclasses import replace

from cmpolicy import ir

KIND = ir.Get(ir.Obj(), "kind")


def fold_kind(rule: ir.Rule) -> ir.Rule:
    """`Get(Obj(), "kind")  ->  "Pod"` in the message of a rule about Pods. A deletion has no object, and so no kind.

    Conditions keep it: CEL computes with constants when it compiles, and refuses what it cannot make of them.
    """
    names = {kind.kind for kind in rule.kinds}
    if len(names) > 1 or ir.Operation.DELETE in rule.operations or KIND not in rule.message:
        return rule
    name = names.pop()
    return replace(rule, message=tuple(name if part == KIND else part for part in rule.message))
