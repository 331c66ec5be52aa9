"""What `diff` says of mutants of every rule, against what a thousand generated objects say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from cmpolicy import ir
from cmpolicy.diff.meaning import Comparer, Means
from cmpolicy.diff.model import Meaning
from cmpolicy.diff.search import Versions
from cmpolicy.generate import Case, objects
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.passes.tree import known_kinds

from tests.diff.mutations import Mutant, mutants

RULES = load_packs(built_in_packs()).rules
EVERY = 2
"""Of the rules that look up no other object every so many is tried, unless all mutants are asked for."""
OTHER_SEED = 7
"""Not the one that `diff` searches with: the objects that judge it are others than those it found."""
REALISTIC, ANY = 200, 300
ENOUGH = 0.95
"""The share of mutants that differ of which `diff` must show an object."""


@dataclass(frozen=True, slots=True)
class Score:
    """A mutant, what `diff` said, and which directions brute force saw."""

    rule: ir.Rule
    mutant: Mutant
    means: Means
    tightens: bool
    loosens: bool

    @property
    def is_wrong(self) -> bool:
        """It said that something is impossible which there is an object of."""
        return (self.tightens and self.means.tightened.proved) or (self.loosens and self.means.loosened.proved)

    @property
    def shown(self) -> bool:
        return self.means.tightened.witness is not None or self.means.loosened.witness is not None

    @property
    def differs(self) -> bool:
        return self.tightens or self.loosens or self.shown

    def __str__(self) -> str:
        seen = f"tightens {self.tightens}, loosens {self.loosens}"
        return f"{self.rule.id}: {self.mutant.kind}: {self.means.meaning} {self.means.evidence}; brute force: {seen}"


@cache
def cases(rule_number: int) -> tuple[Case, ...]:
    return tuple(_cases(RULES[rule_number]))


def _cases(rule: ir.Rule) -> Iterator[Case]:
    yield from objects(rule, OTHER_SEED, REALISTIC, realistic=True)
    yield from objects(rule, OTHER_SEED, ANY)


def chosen(rule_number: int, amount: int, tried: Counter[str]) -> list[Mutant]:
    """So many of the rule's mutants, of the kinds that were tried least; all for 0."""
    found = list(mutants(RULES[rule_number]))
    return [_least_tried(found, rule_number + turn, tried) for turn in range(amount)] if amount else found


def _least_tried(found: list[Mutant], number: int, tried: Counter[str]) -> Mutant:
    kind = min(sorted({mutant.kind for mutant in found}), key=lambda name: tried[name])
    tried[kind] += 1
    of_kind = [mutant for mutant in found if mutant.kind == kind]
    return of_kind[number * 7 % len(of_kind)]


def classified(rule_number: int, mutant: Mutant) -> Score:
    rule = RULES[rule_number]
    versions = Versions(rule, mutant.rule)
    tried = (*cases(rule_number), *_cases(mutant.rule))
    return Score(
        rule,
        mutant,
        Comparer().compare(rule, mutant.rule),
        any(versions.tightens(case) for case in tried),
        any(versions.loosens(case) for case in tried),
    )


@pytest.fixture(scope="module")
def scores(request: pytest.FixtureRequest) -> list[Score]:
    amount = request.config.getoption("--mutants")
    # Those that look up other objects take many times as long: they are tried where all mutants are asked for.
    plain = [number for number, rule in enumerate(RULES) if not known_kinds(rule)]
    numbers = plain[::EVERY] if amount else range(len(RULES))
    tried: Counter[str] = Counter()
    found = [classified(number, mutant) for number in numbers for mutant in chosen(number, amount, tried)]
    print(table(found))
    return found


def table(found: list[Score]) -> str:
    lines = ["", "mutation              mutants  differ  shown  undecided  wrong"]
    kinds = Counter(score.mutant.kind for score in found)
    for kind in sorted(kinds):
        of_kind = [score for score in found if score.mutant.kind == kind]
        differ, shown = sum(each.differs for each in of_kind), sum(each.shown for each in of_kind)
        undecided = sum(each.means.meaning is Meaning.UNDECIDED for each in of_kind)
        wrong = sum(each.is_wrong for each in of_kind)
        lines.append(f"{kind:20}  {len(of_kind):7} {differ:7} {shown:6} {undecided:10} {wrong:6}")
    return "\n".join(lines)


def test_nothing_is_called_impossible_that_there_is_an_object_of(scores: list[Score]) -> None:
    assert [str(score) for score in scores if score.is_wrong] == []


def test_nearly_every_difference_is_shown_by_an_object(scores: list[Score]) -> None:
    differ = [score for score in scores if score.differs]
    missed = [str(score) for score in differ if not score.shown]
    assert len(differ) > len(scores) / 2
    assert len(missed) <= (1 - ENOUGH) * len(differ), missed


def test_objects_show_what_they_are_said_to_show(scores: list[Score]) -> None:
    for score in scores:
        versions = Versions(score.rule, score.mutant.rule)
        for finding, shows in (
            (score.means.tightened, versions.tightens),
            (score.means.loosened, versions.loosens),
        ):
            assert finding.witness is None or shows(finding.witness.case), str(score)


def test_every_kind_of_mutation_is_tried(scores: list[Score]) -> None:
    assert {score.mutant.kind for score in scores} == {
        "change constant",
        "change default",
        "drop container array",
        "drop default",
        "flip operator",
        "swap any/all",
        "widen match",
    }
