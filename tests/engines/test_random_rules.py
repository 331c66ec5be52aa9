"""Rules made at random, on every engine that says it carries them: the reference's verdict and message on every object.

`--random-rules N` makes N of them. What a language cannot say is for the matrix to declare: a rule that an engine does
not load, or an error of its own, is a failure here. The rule that is shown is as small as hypothesis can make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.passes.tree import walk_rule
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.engines.runners import WAYS
from tests.engines.strategies import rules
from tests.engines.strategies_agreement import Asker, running
from tests.sample_rules import BUDGETED

OBJECTS = 24
EXAMPLES = 50
"""Lists of rules in a round. Each round has a seed of its own, its number."""
MOST_RULES = 24
ROUNDS = 4
"""So many rounds make about the rules that CI asks about."""
FIXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=tuple(HealthCheck),
)


@pytest.fixture
def asker(binary: Callable[[str], Path]) -> Iterator[Asker]:
    with running(binary) as runners:
        yield Asker(runners, OBJECTS)


def test_every_engine_agrees_on_random_rules(
    asker: Asker, pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    wanted, number = pytestconfig.getoption("--random-rules"), 0

    @FIXED
    @given(st.lists(rules(), min_size=1, max_size=MOST_RULES))
    def agree(made: list[ir.Rule]) -> None:
        asker.check([replace(rule, id=f"random-{place}") for place, rule in enumerate(made)])

    while asker.counts.made < wanted:
        seed(number)(agree)()
        number += 1
    tell(f"random rules, {number} rounds:")
    for line in asker.counts.lines():
        tell(line)
    assert asker.counts.decided > asker.counts.made / 2


def test_rules_that_a_target_has_none_of_are_asked_elsewhere(asker: Asker) -> None:
    asker.check([BUDGETED])
    ways = {way for way, asked in asker.counts.rules.items() if asked}
    assert ways == set(WAYS) - {"vap", "datree"}


def test_random_rules_use_every_node() -> None:
    """Which rules come of a seed depends on the modules that are imported: hypothesis takes constants from them."""
    lacking = {*ir.Value.__args__, *ir.Items.__args__, *ir.Condition.__args__}

    @settings(FIXED, phases=(Phase.generate,))
    @given(st.lists(rules(), min_size=1, max_size=MOST_RULES))
    def collect(made: list[ir.Rule]) -> None:
        lacking.difference_update(type(node) for rule in made for node in walk_rule(rule))

    for number in range(ROUNDS):
        if lacking:
            seed(number)(collect)()
    assert lacking == set()
