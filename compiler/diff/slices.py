"""Where two versions of a rule can differ: for one kind and some operations, the condition under which each accepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.evaluate import Judgement, Verdict, inventory, judge
from cmpolicy.evaluate.judge import kind_of, lowered
from cmpolicy.generate.case import Case
from cmpolicy.passes.normalize import normalize, simplify
from cmpolicy.passes.tree import binders, map_rule, walk_rule


@dataclass(frozen=True, slots=True)
class Slice:
    """The objects of one kind under operations that each version either looks at or not.

    `old` and `new` are the versions lowered for the kind and normalized, with no variable in common; None where one does not look.
    """

    kind: ir.Kind
    operations: tuple[ir.Operation, ...]
    old: ir.Rule | None
    new: ir.Rule | None

    @property
    def accepted(self) -> tuple[ir.Condition, ir.Condition]:
        """Under which condition each version, the old one first, does not reject an object."""
        return _accepts(self.old), _accepts(self.new)

    @property
    def looked_at(self) -> tuple[ir.Condition, ir.Condition]:
        """Under which condition each version, the old one first, looks at an object."""
        return _looks(self.old), _looks(self.new)


def _looks(rule: ir.Rule | None) -> ir.Condition:
    return ir.FALSE if rule is None else rule.when


def _accepts(rule: ir.Rule | None) -> ir.Condition:
    return ir.TRUE if rule is None else simplify(ir.Or((simplify(ir.Not(rule.when)), rule.condition)))


def slices(old: ir.Rule | None, new: ir.Rule | None) -> tuple[Slice, ...]:
    """The slices of two versions; a missing version looks at nothing."""
    kinds = dict.fromkeys((*(old.kinds if old else ()), *(new.kinds if new else ())))
    return tuple(each for kind in kinds for each in _of_kind(old, new, kind))


def _of_kind(old: ir.Rule | None, new: ir.Rule | None, kind: ir.Kind) -> Iterator[Slice]:
    before, after = _version(old, kind, "old"), _version(new, kind, "new")
    groups: dict[tuple[bool, bool], list[ir.Operation]] = {}
    for operation in ir.Operation:
        looks = (_has(before, operation), _has(after, operation))
        groups.setdefault(looks, []).append(operation)
    for (was, now), operations in groups.items():
        if was or now:
            yield Slice(kind, tuple(operations), before if was else None, after if now else None)


def _has(rule: ir.Rule | None, operation: ir.Operation) -> bool:
    return rule is not None and operation in rule.operations


def _version(rule: ir.Rule | None, kind: ir.Kind, side: str) -> ir.Rule | None:
    if rule is None or kind not in rule.kinds:
        return None
    return normalize(_renamed(lowered(rule, kind), side))


def _renamed(rule: ir.Rule, side: str) -> ir.Rule:
    """The rule with the side in the name of each variable."""
    names = {name: f"{name}_{side}" for node in walk_rule(rule) for name in binders(node)}

    def on_value(value: ir.Value) -> ir.Value:
        match value:
            case ir.Var(name):
                return ir.Var(names[name])
            case ir.Count(items, var, condition):
                return ir.Count(items, names[var], condition)
            case _:
                return value

    def on_condition(condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.Any() | ir.All():
                return replace(condition, var=names[condition.var])
            case ir.AnyEntry() | ir.AllEntry():
                return replace(condition, key=names[condition.key], var=names[condition.var])
            case _:
                return condition

    return map_rule(rule, on_value, on_condition)


SKIPPED = Judgement(Verdict.SKIP)


def judged(rule: ir.Rule | None, case: Case) -> Judgement:
    """What a version says of a case, by the reference; one that is missing or has not its operation skips it."""
    if rule is None or case.object is None or case.operation not in rule.operations:
        return SKIPPED
    if kind_of(rule, case.manifest) is None:
        return SKIPPED
    return judge(rule, case.manifest, case.old, inventory(case.others))
