"""Every construct inside every other, on every engine: the reference's verdict and message on every object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from cmpolicy import ir

from tests.engines.nested import (
    LISTS,
    NAMES,
    SCOPES,
    TESTS,
    VALUES,
    asked_of_values,
    loops_over_lists,
    named_after_words,
    shown_values,
)
from tests.engines.strategies_agreement import Asker, running

OBJECTS = 16
LOT = 48
"""Rules that are loaded at once."""


@pytest.fixture
def asker(binary: Callable[[str], Path]) -> Iterator[Asker]:
    with running(binary) as runners:
        yield Asker(runners, OBJECTS)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_engine_agrees_on_every_test_of_every_value(asker: Asker, scope: str) -> None:
    assert _asked(asker, asked_of_values(scope)) == len(VALUES) * len(TESTS)
    assert asker.counts.decided > asker.counts.made / 2


@pytest.mark.parametrize("scope", SCOPES)
def test_every_engine_agrees_on_every_loop_over_every_list(asker: Asker, scope: str) -> None:
    assert _asked(asker, loops_over_lists(scope)) > len(LISTS)
    assert asker.counts.decided > asker.counts.made / 2


def test_every_engine_shows_every_value(asker: Asker) -> None:
    assert _asked(asker, shown_values()) > len(VALUES)


def test_every_engine_takes_variables_and_parameters_that_are_named_after_words(asker: Asker) -> None:
    assert _asked(asker, named_after_words()) == 2 * len(NAMES)


def _asked(asker: Asker, rules: Iterable[ir.Rule]) -> int:
    left = iter(rules)
    while lot := [*islice(left, LOT)]:
        asker.check(lot)
    return asker.counts.made
