"""Where two conditions differ, said with what they share once, is where they differ."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.diff.between import Between
from cmpolicy.diff.canonical import Canonical
from cmpolicy.diff.formula import Pool
from cmpolicy.diff.slices import Slice, slices
from cmpolicy.evaluate.closures import condition_closure
from cmpolicy.fields import index
from cmpolicy.ir_text import condition_text
from cmpolicy.passes.tree import walk
from cmpolicy.values import Json

from tests.diff.mutations import mutants
from tests.lang.random_conditions import Conditions, random_object
from tests.policies.packs import cert_manager

SERVICE = index.kind("Service")[0]
OBJECTS = [value for seed in range(400) if isinstance(value := random_object(Random(seed)), dict)]
A, X, Y = ir.Get(ir.Obj(), "a"), ir.Var("x"), ir.Var("y")


def between(old: ir.Condition, new: ir.Condition) -> ir.Condition:
    return Between(Canonical(Pool())).of(old, new)


def judged(condition: ir.Condition, values: list[dict[str, Json]]) -> list[bool]:
    slots: dict[str | ir.Items, int] = {}
    holds = condition_closure(condition, slots)
    return [holds([each, None, {}, *([None] * len(slots))]) for each in values]


def is_(text: str, value: ir.Value = A) -> ir.Condition:
    return ir.Eq(value, ir.Const(text))


SHARED, OLD, NEW = (ir.Exists(ir.Get(ir.Obj(), name)) for name in ("s", "o", "n"))
ITEMS = ir.Elems(A)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(ir.And((SHARED, OLD)), ir.And((NEW, SHARED)), ir.And((SHARED, OLD, ir.Not(NEW))), id="and"),
        pytest.param(ir.Or((SHARED, OLD)), ir.Or((NEW, SHARED)), ir.And((ir.Not(SHARED), OLD, ir.Not(NEW))), id="or"),
        pytest.param(ir.And((SHARED, OLD)), SHARED, ir.FALSE, id="a conjunct dropped tightens nothing"),
        pytest.param(SHARED, ir.And((SHARED, NEW)), ir.And((SHARED, ir.Not(NEW))), id="a conjunct added"),
        pytest.param(ir.Not(OLD), ir.Not(NEW), ir.And((NEW, ir.Not(OLD))), id="not"),
        pytest.param(
            ir.Any(ITEMS, "x", is_("a", X)),
            ir.Any(ITEMS, "y", is_("b", Y)),
            ir.And(
                (
                    ir.Any(ITEMS, "x", ir.And((is_("a", X), ir.Not(is_("b", X))))),
                    ir.All(ITEMS, "x", ir.Not(is_("b", X))),
                )
            ),
            id="any",
        ),
        pytest.param(
            ir.AllEntry(A, "k", "x", is_("a", X)),
            ir.AllEntry(A, "l", "y", ir.TRUE),
            ir.FALSE,
            id="every entry, where that is always so",
        ),
    ],
)
def test_what_is_shared_stands_once(old: ir.Condition, new: ir.Condition, expected: ir.Condition) -> None:
    assert between(old, new) == expected


def test_random_conditions_differ_where_it_says() -> None:
    differing = 0
    for seed in range(120):
        rule = ir.Rule("r", (SERVICE,), (ir.Operation.CREATE,), ir.TRUE, Conditions(Random(seed)).condition(3), ("no",))
        for mutant in islice(mutants(rule), 8):
            differing += sum(differences(slices(rule, mutant.rule)[0]))
    assert differing > 1000


def differences(part: Slice) -> list[int]:
    """How many objects differ in each direction, by both versions and, as is asserted, by the condition between them."""
    return [_differing(*part.accepted), _differing(*part.accepted[::-1])]


def _differing(old: ir.Condition, new: ir.Condition) -> int:
    made = between(old, new)
    wanted = [was and not now for was, now in zip(judged(old, OBJECTS), judged(new, OBJECTS), strict=True)]
    assert judged(made, OBJECTS) == wanted, condition_text(made)
    return sum(wanted)


def test_it_is_smaller_than_both_together_for_nearly_every_mutant() -> None:
    sizes = [
        (size(between(*part.accepted)), size(ir.And(part.accepted)))
        for rule in cert_manager().rules[::9]
        for mutant in islice(mutants(rule), 0, None, 7)
        for part in slices(rule, mutant.rule)
    ]
    assert sum(small for small, _ in sizes) < 0.6 * sum(whole for _, whole in sizes)


def size(condition: ir.Condition) -> int:
    return sum(1 for _ in walk(condition))
