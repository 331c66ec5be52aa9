"""Objects made for a rule, by the thousand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cmpolicy import ir
from cmpolicy.generate.case import Case
from cmpolicy.generate.chance import Chance, Stock
from cmpolicy.generate.fitting import fitting
from cmpolicy.generate.maker import Maker

PATIENCE = 50
"""Cases in a row that are nothing new before the generator ends: the rule has no more to offer."""


def objects(rule: ir.Rule, seed: int, amount: int, *, realistic: bool = False, sought: bool = False) -> Iterator[Case]:
    """So many different cases for the rule; the same ones for the same seed on every Python, more of them appended.

    First come the rule's examples and cases that show each of its atoms true and false, then near misses of its match,
    variants of all these, and hostile edits where it reads. Fewer come where a rule reads next to nothing.

    If `realistic`, all are of the rule's kinds and well typed by the field index (`fitting.py` says what that leaves
    open), and none is hostile.

    If `sought`, what is asked for is any object that the rule looks at: the first are made to be one, and none to show
    what decides on a verdict, which takes long for large rules.
    """
    return islice(_different(_cases(rule, seed, realistic, sought)), amount)


def _cases(rule: ir.Rule, seed: int, realistic: bool, sought: bool) -> Iterator[Case]:
    chance = Chance(f"{seed} {rule.id}")
    stock = Stock(chance)
    makers = [Maker(rule, kind, chance, stock, fitting(kind) if realistic else None, sought) for kind in rule.kinds]
    for maker in makers:
        yield from maker.looked_at() if sought else ()
        yield from maker.on_purpose()
    while makers:
        yield chance.pick(makers).at_random()


def _different(cases: Iterator[Case]) -> Iterator[Case]:
    seen: set[str] = set()
    repeated = 0
    for case in cases:
        spelled = repr((case.object, case.old, case.operation, case.others))
        if spelled not in seen:
            seen.add(spelled)
            repeated = 0
            yield case
        elif (repeated := repeated + 1) > PATIENCE:
            return
