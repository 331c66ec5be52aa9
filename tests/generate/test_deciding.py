"""Atoms are not only seen: a rule in which one is negated gives another verdict on some case."""

from __future__ import annotations

from itertools import count

from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, compile_rules, kind_of
from cmpolicy.evaluate.judge import lowered
from cmpolicy.generate import Case
from cmpolicy.generate.atoms import Aspect, Atom, atoms
from cmpolicy.generate.possible import constant
from cmpolicy.passes.tree import map_rule


def negated(rule: ir.Rule, atom: Atom) -> ir.Rule:
    """The rule with this atom negated, and no other that is equal to it."""
    before = [each for each in atoms(rule) if each.aspect is Aspect.HOLDS and each.node == atom.node]
    number, numbers = before.index(atom), count()

    def on_condition(condition: ir.Condition) -> ir.Condition:
        return ir.Not(condition) if condition == atom.node and next(numbers) == number else condition

    return map_rule(rule, on_condition=on_condition)


def undecided(rule: ir.Rule, kind: ir.Kind, cases: list[Case]) -> tuple[list[str], int]:
    """The atoms on which no case's verdict depends, and how many there are that might."""
    low = lowered(rule, kind)
    own = [case for case in cases if case.object is not None and kind_of(rule, case.manifest) == kind]
    judged = compile_rules([low], kind)
    expected = [judged(case.manifest, case.old, NOTHING)[0].verdict for case in own]
    tested = [atom for atom in atoms(low) if atom.aspect is Aspect.HOLDS and constant(low, kind, atom) is None]
    missed = []
    for atom in tested:
        other = compile_rules([negated(low, atom)], kind)
        pairs = zip(own, expected, strict=True)
        if not any(other(case.manifest, case.old, NOTHING)[0].verdict is not verdict for case, verdict in pairs):
            missed.append(f"{rule.id} {kind.kind}: {atom.text}")
    return missed, len(tested)


def test_nearly_every_atom_decides_some_case(made: list[tuple[ir.Rule, list[Case]]]) -> None:
    found = [undecided(rule, kind, cases) for rule, cases in made for kind in rule.kinds]
    missed = [text for each, _ in found for text in each]
    assert len(missed) < sum(tested for _, tested in found) / 100, "\n".join(missed)


def test_an_atom_that_is_masked_is_noticed(made: list[tuple[ir.Rule, list[Case]]]) -> None:
    rule, cases = next((rule, cases) for rule, cases in made if rule.id == "sample-webhook-replicas")
    masked = rule.with_conditions(rule.when, ir.Or((rule.condition, ir.TRUE)))
    (missed,), _ = undecided(masked, rule.kinds[0], cases)
    assert missed == "sample-webhook-replicas Deployment: (obj.spec.replicas ?? 1) >= 3"
