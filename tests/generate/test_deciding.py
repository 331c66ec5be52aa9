"""Atoms are not only seen: a rule in which one is negated gives another verdict on some case.

Some cannot decide by themselves: what is shown to be so is left out, and the reasoning is tested. Others do only where a
parameter has another value than its default: for those the rule is looked at with such values too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count, islice
from random import Random

from cmpolicy import ir
from cmpolicy.evaluate import compile_rules, kind_of
from cmpolicy.evaluate.judge import lowered
from cmpolicy.evaluate.known import inventory
from cmpolicy.generate import Case, objects
from cmpolicy.generate.atoms import Aspect, Atom, Path, atoms
from cmpolicy.generate.deciding import Deciding, deciders
from cmpolicy.generate.draft import draft
from cmpolicy.generate.possible import constant, masked
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.passes.tree import map_rule

from tests.generate.conftest import AMOUNT, SEED
from tests.generate.test_coverage import config_rule
from tests.lang.random_conditions import Conditions
from tests.sample_rules import CONFIG_MAP


def negated(rule: ir.Rule, atom: Atom) -> ir.Rule:
    """The rule with this atom negated, and no other that is equal to it."""
    before = [each for each in atoms(rule) if each.aspect is Aspect.HOLDS and each.node == atom.node]
    number, numbers = before.index(atom), count()

    def on_condition(condition: ir.Condition) -> ir.Condition:
        return ir.Not(condition) if condition == atom.node and next(numbers) == number else condition

    return map_rule(rule, on_condition=on_condition)


def may_decide(rule: ir.Rule, kind: ir.Kind) -> list[Atom]:
    """The atoms of a lowered rule that may decide."""
    return [
        atom
        for atom in atoms(rule)
        if atom.aspect is Aspect.HOLDS and constant(rule, kind, atom) is None and not masked(rule, kind, atom)
    ]


def undecided(
    rule: ir.Rule, kind: ir.Kind, cases: Iterable[Case], looked_at: Iterable[Path] | None = None
) -> list[Atom]:
    """The atoms that may decide, or those of them at these paths, and on which no case's verdict depends."""
    low = lowered(rule, kind)
    own = [case for case in cases if case.object is not None and kind_of(rule, case.manifest) == kind]
    judged = compile_rules([low], kind)
    known = [inventory(case.others) for case in own]
    expected = [judged(c.manifest, c.old, objects)[0].verdict for c, objects in zip(own, known, strict=True)]
    paths = None if looked_at is None else set(looked_at)
    missed = []
    for atom in may_decide(low, kind):
        if paths is not None and atom.path not in paths:
            continue
        other = compile_rules([negated(low, atom)], kind)
        rows = zip(own, known, expected, strict=True)
        if all(other(case.manifest, case.old, objects)[0].verdict is verdict for case, objects, verdict in rows):
            missed.append(atom)
    return missed


def settings(rule: ir.Rule) -> list[ir.Rule]:
    """The rule with another value of one parameter: a switch turned, or of a list the first item alone."""
    return [set_parameters(rule, {each.name: other}) for each in rule.parameters for other in _others(each.default)]


def _others(value: ir.Constant) -> list[ir.Constant]:
    match value:
        case bool():
            return [not value]
        case (first, _, *_):
            return [(first,)]
        case _:
            return []


def open_atoms(rule: ir.Rule, kind: ir.Kind, cases: list[Case]) -> tuple[list[str], int]:
    """The atoms on which no verdict depends, whatever the parameters; how many there are that might."""
    by_path = {atom.path: atom.text for atom in atoms(lowered(rule, kind)) if atom.aspect is Aspect.HOLDS}
    default = {atom.path for atom in may_decide(lowered(rule, kind), kind)}
    missed, seen = {atom.path for atom in undecided(rule, kind, cases)}, set(default)
    for other in settings(rule):
        here = {atom.path for atom in may_decide(lowered(other, kind), kind)}
        asked = (missed & here) | (here - seen)
        missed -= here
        missed |= {a.path for a in undecided(other, kind, objects(other, SEED, AMOUNT), asked)} if asked else set()
        seen |= here
    return [f"{rule.id} {kind.kind}: {by_path[path]}" for path in sorted(missed)], len(seen)


def test_nearly_every_atom_decides_some_case(
    made: list[tuple[ir.Rule, list[Case]]], tell: Callable[[str], None]
) -> None:
    found = [open_atoms(rule, kind, cases) for rule, cases in made for kind in rule.kinds]
    missed = [text for each, _ in found for text in each]
    tell(f"{len(missed)} of {sum(might for _, might in found)} atoms decide no case:")
    for text in missed:
        tell(f"  {text}")
    assert len(missed) < sum(might for _, might in found) / 100, "\n".join(missed)


def sample(made: list[tuple[ir.Rule, list[Case]]], rule_id: str) -> tuple[ir.Rule, list[Case]]:
    return next((rule, cases) for rule, cases in made if rule.id == rule_id)


def test_an_atom_that_is_masked_is_noticed(made: list[tuple[ir.Rule, list[Case]]]) -> None:
    rule, cases = sample(made, "sample-webhook-replicas")
    named = ir.Exists(ir.Get(ir.Obj(), "spec"))
    hidden = rule.with_conditions(rule.when, ir.Or((rule.condition, named, ir.Not(named))))
    (missed,), _ = open_atoms(hidden, rule.kinds[0], cases)
    assert missed == "sample-webhook-replicas Deployment: (obj.spec.replicas ?? 1) >= 3"


def test_an_atom_that_a_parameter_masks_has_to_decide_under_another_value(
    made: list[tuple[ir.Rule, list[Case]]],
) -> None:
    rule, cases = sample(made, "sample-webhook-replicas")
    strict = ir.Param("strict", ir.ParameterType.BOOLEAN, False, "")
    is_strict = ir.Eq(strict, ir.Const(True))
    other = ir.Exists(ir.Get(ir.Obj(), "spec"))
    for hidden, expected in ((other, 0), (ir.Or((other, ir.Not(other), other)), 2)):
        both = ir.Or((ir.And((is_strict, hidden)), ir.And((ir.Not(is_strict), rule.condition))))
        switched = replace(rule.with_conditions(rule.when, both), parameters=(*rule.parameters, strict))
        assert len(open_atoms(switched, rule.kinds[0], cases)[0]) == expected


def test_no_verdict_depends_on_what_is_shown_to_be_masked() -> None:
    seen = 0
    for seed in range(60):
        rule = config_rule(Conditions(Random(seed)).condition(3))
        cases = list(objects(rule, 1, 100))
        for atom in atoms(rule):
            if atom.aspect is Aspect.HOLDS and masked(rule, CONFIG_MAP, atom):
                seen += 1
                assert decides(rule, atom, cases) is False, atom.text
    assert seen > 10


def decides(rule: ir.Rule, atom: Atom, cases: list[Case]) -> bool:
    """Whether some case's verdict depends on the atom."""
    judged, other = (compile_rules([each], CONFIG_MAP) for each in (rule, negated(rule, atom)))
    asked = [(case.manifest, case.old, inventory(case.others)) for case in cases]
    return any(judged(*each)[0].verdict is not other(*each)[0].verdict for each in asked)


def test_what_the_generator_takes_for_decided_is() -> None:
    seen = 0
    for seed in range(60):
        rule = config_rule(Conditions(Random(seed)).condition(2))
        deciding = Deciding(rule, deciders(rule, CONFIG_MAP))
        for case in islice(objects(rule, 1, 40), 40):
            struck = deciding.strike(draft(case.object, case.old, case.others))
            seen += len(struck)
            assert all(decides(rule, atom, [case]) for atom in struck if case.object is not None)
    assert seen > 60
