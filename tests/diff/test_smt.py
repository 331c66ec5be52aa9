"""The solver and our own prover never contradict each other, nor the objects."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.diff import smt
from cmpolicy.diff.between import Between
from cmpolicy.diff.canonical import Canonical
from cmpolicy.diff.formula import Pool
from cmpolicy.diff.meaning import Comparer
from cmpolicy.diff.model import Evidence, Meaning
from cmpolicy.diff.prove import Prover
from cmpolicy.diff.slices import slices
from cmpolicy.fields import index
from cmpolicy.ir_text import condition_text
from cmpolicy.load import built_in_packs, load_packs

from tests.diff.mutations import mutants
from tests.diff.test_prove import compare, every, holding, some, starts, x_is
from tests.lang.random_conditions import Conditions

A, B, C = (ir.Get(ir.Obj(), name) for name in "abc")
RULES = load_packs(built_in_packs()).rules


def said(condition: ir.Condition) -> tuple[str, bool, bool]:
    """What the solver says, whether it was asked for exactly this, and whether our prover refutes it."""
    pool = Pool()
    formula = Canonical(pool).condition(condition)
    encoding = smt.Encoding(pool)
    answer = smt.answer(encoding.text(formula))
    return answer, encoding.is_exact, Prover(pool).refuted(formula)


def less(left: ir.Value, right: ir.Value) -> ir.Condition:
    return ir.Compare(ir.Order.LESS, left, right)


SORTED = ir.And((less(A, B), less(B, C)))


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        pytest.param(ir.And((SORTED, ir.Not(less(A, C)))), "unsat", id="order is transitive"),
        pytest.param(ir.And((SORTED, less(C, ir.Const(3)), less(ir.Const(3), A))), "unsat", id="and has bounds"),
        pytest.param(SORTED, "sat", id="three numbers"),
        pytest.param(ir.And((starts("ab"), ir.Eq(A, B), ir.Eq(B, ir.Const("ac")))), "unsat", id="texts that are equal"),
        pytest.param(ir.And((some(x_is("a")), every(x_is("b")))), "unsat", id="an element that no element is"),
        pytest.param(ir.And((some(x_is("a")), some(x_is("b")))), "sat", id="two elements"),
        pytest.param(ir.And((every(x_is("a")), ir.Eq(A, ir.Const("a")))), "sat", id="a text has no elements"),
        pytest.param(ir.And((ir.Eq(A, ir.Const("\\u{41}")), ir.Eq(A, ir.Const("A")))), "unsat", id="escapes"),
        pytest.param(ir.And((ir.Eq(A, ir.Const(True)), compare(">=", 1))), "unsat", id="true is no number"),
        pytest.param(ir.And((ir.Exists(ir.Get(A, "x")), starts("a"))), "unsat", id="a text has no keys"),
        pytest.param(ir.And((compare(">", 1), compare("<", 2))), "sat", id="a fraction"),
        pytest.param(
            ir.And((compare(">", 1), compare("<", 2), ir.IsType(A, ir.ValueType.INTEGER))), "unsat", id="no fraction"
        ),
    ],
)
def test_the_solver_says(condition: ir.Condition, answer: str) -> None:
    assert said(condition)[0] == answer


def test_on_random_conditions_nobody_is_contradicted() -> None:
    seen = {"sat": 0, "unsat": 0, "unknown": 0}
    for seed in range(150):
        make = Conditions(Random(seed))
        condition = ir.And((make.condition(3), ir.Not(make.condition(2))))
        answer, exact, mine = said(condition)
        seen[answer] += 1
        if answer == "unsat":
            assert holding(condition) is None, condition_text(condition)
        assert not (mine and exact and answer == "sat"), condition_text(condition)
    assert seen["sat"] > 50
    assert seen["unsat"] > 5


def test_on_mutants_nobody_is_contradicted() -> None:
    answers: list[tuple[str, bool]] = []
    for rule in RULES[::9]:
        for mutant in islice(mutants(rule), 0, 60, 17):
            for part in slices(rule, mutant.rule):
                condition = Between(Canonical(Pool())).of(*part.accepted)
                answer, exact, mine = said(condition)
                answers.append((answer, mine))
                assert not (mine and exact and answer == "sat"), f"{rule.id} {mutant.kind}"
    assert ("unsat", True) in answers
    assert ("sat", False) in answers


def test_what_only_the_solver_proves_is_undecided_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = index.kind("Deployment")[0]
    rules = [
        ir.Rule("my-rule", (deployment,), (ir.Operation.CREATE,), ir.TRUE, condition, ("no",))
        for condition in (ir.Not(SORTED), ir.Not(ir.And((SORTED, less(A, C)))))
    ]
    means = Comparer(samples=50).compare(*rules)
    assert (means.meaning, means.evidence) == (Meaning.EQUIVALENT, Evidence.PROVED)
    monkeypatch.setattr(smt, "is_there", lambda: False)
    means = Comparer(samples=50).compare(*rules)
    assert (means.meaning, means.evidence) == (Meaning.UNDECIDED, Evidence.SAMPLED)
