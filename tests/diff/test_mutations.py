"""What `diff` says of mutants of every rule, against what a thousand generated objects say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from cmpolicy.diff.search import Versions
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.passes.tree import known_kinds

from tests.diff.mutations import OPERATORS, Mutant, mutants
from tests.diff.scores import Score, as_json, classified, counts, table

RULES = load_packs(built_in_packs()).rules
ACCOUNT = Path(__file__).parents[2] / "build" / "mutations.json"
EVERY = 2
"""Of the rules that look up no other object every so many is tried, and of the others `EVERY_OTHER`, unless several mutants are asked for."""
EVERY_OTHER = 5
ENOUGH = 0.95
"""The share of mutants that differ of which `diff` must show an object."""


def numbers(amount: int) -> list[int]:
    """The rules that are tried. Objects for those that look up others take brute force long to make."""
    if amount != 1:
        return list(range(len(RULES)))
    plain = [number for number, rule in enumerate(RULES) if not known_kinds(rule)]
    others = [number for number, rule in enumerate(RULES) if known_kinds(rule)]
    return [*plain[::EVERY], *others[::EVERY_OTHER]]


def chosen(rule_number: int, amount: int, tried: Counter[str]) -> list[Mutant]:
    """So many of the rule's mutants, of the operators that were tried least; all for 0, and where it has no more."""
    left = list(mutants(RULES[rule_number]))
    if not amount:
        return left
    return [_least_tried(left, rule_number + turn, tried) for turn in range(min(amount, len(left)))]


def _least_tried(left: list[Mutant], number: int, tried: Counter[str]) -> Mutant:
    kind = min(sorted({mutant.kind for mutant in left}), key=lambda name: tried[name])
    tried[kind] += 1
    of_kind = [mutant for mutant in left if mutant.kind == kind]
    found = of_kind[number * 7 % len(of_kind)]
    left.remove(found)
    return found


@pytest.fixture(scope="module")
def scores(request: pytest.FixtureRequest) -> list[Score]:
    amount = request.config.getoption("--mutants")
    tried: Counter[str] = Counter()
    found = [
        classified(RULES[number], mutant) for number in numbers(amount) for mutant in chosen(number, amount, tried)
    ]
    print(table(found))
    ACCOUNT.parent.mkdir(exist_ok=True)
    ACCOUNT.write_text(f"{json.dumps(as_json(found, amount), indent=2)}\n", encoding="utf-8")
    return found


def test_nothing_is_called_impossible_that_there_is_an_object_of(scores: list[Score]) -> None:
    assert [str(score) for score in scores if score.is_wrong] == []


def test_nearly_every_difference_is_shown_by_an_object(scores: list[Score]) -> None:
    differ = [score for score in scores if score.differs]
    missed = [str(score) for score in differ if not score.shown]
    assert len(differ) > len(scores) / 2
    assert len(missed) <= (1 - ENOUGH) * len(differ), missed


def test_nearly_every_direction_is_shown_by_an_object(scores: list[Score]) -> None:
    seen = sum(score.tightens + score.loosens for score in scores)
    missed = [str(score) for score in scores if score.missed]
    assert len(missed) <= (1 - ENOUGH) * seen, missed


def test_nearly_every_witness_is_one_that_a_server_takes(scores: list[Score]) -> None:
    found = counts(scores)
    assert found["valid"] >= VALID * found["witnesses"]


VALID = 0.9
"""The share of witnesses; of the others no server takes any, such as a workload without containers."""


def test_objects_show_what_they_are_said_to_show(scores: list[Score]) -> None:
    for score in scores:
        versions = Versions(score.rule, score.mutant.rule)
        for finding, shows in (
            (score.means.tightened, versions.tightens),
            (score.means.loosened, versions.loosens),
        ):
            assert finding.witness is None or shows(finding.witness.case), str(score)


def test_every_kind_of_mutation_is_tried(scores: list[Score]) -> None:
    assert {score.mutant.kind for score in scores} == OPERATORS
